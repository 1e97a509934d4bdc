import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A server that keeps a direct buffer for each connection, 8 MiB/s outside the JVM's heap. */
final class LeakDirect {
  private static final int BUFFER = 256 * 1024;

  public static void main(String[] arguments) throws InterruptedException {
    List<ByteBuffer> buffers = new ArrayList<>();
    Leak.run(
        () -> {
          while (buffers.size() < 8.0 * Leak.MIB * Leak.now() / BUFFER) {
            buffers.add(ByteBuffer.allocateDirect(BUFFER));
          }
        });
  }
}
