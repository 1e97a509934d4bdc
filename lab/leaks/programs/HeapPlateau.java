import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.Map;

/**
 * A server whose cache is of soft references: the JVM's heap grows, 8 MiB/s, to its -Xmx of 256 MiB, and
 * then the collector clears what is needed.
 */
final class HeapPlateau {
  private static int requests;

  public static void main(String[] arguments) throws InterruptedException {
    Map<Integer, SoftReference<byte[]>> cache = new HashMap<>();
    Leak.run(
        () -> {
          for (; requests < 8.0 * Leak.MIB * Leak.now() / 4096; requests++) {
            cache.put(requests % 131072, new SoftReference<>(Leak.take(4000)));
          }
        });
  }
}
