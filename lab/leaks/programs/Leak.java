/** What every Java program here needs; see leak.h for what LEAK_PACE means. */
final class Leak {
  static final int MIB = 1 << 20;
  private static final double PACE = Double.parseDouble(System.getenv().getOrDefault("LEAK_PACE", "1"));
  private static long startNanos;

  private Leak() {}

  /** Seconds of the program's own time since its first word. */
  static double now() {
    return PACE * (System.nanoTime() - startNanos) / 1e9;
  }

  /** Says its first word, then works every 20 ms of everybody's time. */
  static void run(Runnable work) throws InterruptedException {
    startNanos = System.nanoTime();
    System.out.println("ready");
    while (true) {
      work.run();
      Thread.sleep(20);
    }
  }

  /** Bytes of a request; the JVM has written them all. */
  static byte[] take(int bytes) {
    return new byte[bytes];
  }
}
