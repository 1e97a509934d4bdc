import java.util.ArrayList;
import java.util.List;

/** A server whose requests live 2 s, 20 MiB of them a second; below that a static list keeps 6 MiB/s. */
final class LeakBehindGc {
  private static final int PER_SEC = 20 * Leak.MIB / 4096;
  private static final byte[][] IN_FLIGHT = new byte[2 * PER_SEC][];
  private static final List<byte[]> AUDIT = new ArrayList<>();
  private static int requests;

  public static void main(String[] arguments) throws InterruptedException {
    Leak.run(
        () -> {
          for (; requests < PER_SEC * Leak.now(); requests++) {
            IN_FLIGHT[requests % IN_FLIGHT.length] = Leak.take(4080);
          }
          while (AUDIT.size() < 6.0 * Leak.MIB * Leak.now() / 4096) AUDIT.add(Leak.take(4080));
        });
  }
}
