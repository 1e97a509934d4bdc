/* A service whose worker fills its cache to 200 MiB within 12 s, and is replaced after 20 s and 35 s. */
#include "service.h"

static void work(void) {
  double filled = 0;
  for (;;) {
    while (filled < 200 * MIB && filled < 200.0 * MIB * now() / 12) {
      take(16 * KIB);
      filled += 16 * KIB;
    }
    serve();
    rest();
  }
}

int main(void) {
  const double lifetimes[] = {20, 35};
  return supervise(work, lifetimes, 2);
}
