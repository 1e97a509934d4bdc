/* A server that warms up to 120 MiB like 1 - exp(-t / 5 s) and leaks 8 MiB/s from 20 s on. */
#include "leak.h"

int main(void) {
  double loaded = 0;
  begin();
  for (;;) {
    while (loaded < 120.0 * MIB * (1 - exp(-now() / 5))) {
      take(32 * KIB);
      loaded += 32 * KIB;
    }
    serve();
    forget_until(8.0 * MIB * (now() - 20));
    rest();
  }
}
