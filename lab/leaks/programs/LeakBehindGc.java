import java.util.ArrayList;
import java.util.List;

/**
 * A server that builds a report of 120 MiB within 8 s and drops it, over and over, which makes the
 * collector saw; below that a static list keeps 6 MiB/s.
 */
final class LeakBehindGc {
  private static final int BATCH_SEC = 8;
  private static final double ROWS_PER_SEC = 15.0 * Leak.MIB / 4096;
  private static final double KEPT_PER_SEC = 6.0 * Leak.MIB / 4096;
  private static final List<byte[]> AUDIT = new ArrayList<>();
  private static List<byte[]> report = new ArrayList<>();
  private static int batch;

  public static void main(String[] arguments) throws InterruptedException {
    Leak.run(
        () -> {
          int due = (int) (Leak.now() / BATCH_SEC);
          if (due > batch) {
            batch = due;
            report = new ArrayList<>();
          }
          while (report.size() < ROWS_PER_SEC * (Leak.now() - batch * BATCH_SEC)) {
            report.add(Leak.take(4080));
          }
          while (AUDIT.size() < KEPT_PER_SEC * Leak.now()) AUDIT.add(Leak.take(4080));
        });
  }
}
