import java.util.HashMap;
import java.util.Map;

/** A server whose sessions are put into a HashMap and never taken out: 8 MiB/s. */
final class LeakMap {
  public static void main(String[] arguments) throws InterruptedException {
    Map<Integer, byte[]> sessions = new HashMap<>();
    Leak.run(
        () -> {
          while (sessions.size() < 8.0 * Leak.MIB * Leak.now() / 4096) {
            sessions.put(sessions.size(), Leak.take(4000));
          }
        });
  }
}
