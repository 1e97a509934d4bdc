/* A service whose worker leaks 9 MiB/s and is replaced after 20 s and 35 s, until one is left alone. */
#include "service.h"

static void work(void) {
  for (;;) {
    forget_until(9.0 * MIB * now());
    rest();
  }
}

int main(void) {
  const double lifetimes[] = {20, 35};
  return supervise(work, lifetimes, 2);
}
