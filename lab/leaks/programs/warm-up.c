/* A server that warms up to 250 MiB like 1 - exp(-t / 10 s). */
#include "leak.h"

int main(void) {
  double loaded = 0;
  begin();
  for (;;) {
    while (loaded < 250.0 * MIB * (1 - exp(-now() / 10))) {
      take(32 * KIB);
      loaded += 32 * KIB;
    }
    serve();
    rest();
  }
}
