/* A server that is flat under churn until a feature is switched on after 40 s, which leaks 10 MiB/s. */
#include "leak.h"

int main(void) {
  static void *sessions[4096];
  for (int i = 0; i < 4096; i++) sessions[i] = take(1 + below(16 * KIB));
  begin();
  for (;;) {
    for (int request = 0; request < 20; request++) {
      size_t slot = below(4096);
      free(sessions[slot]);
      sessions[slot] = take(1 + below(16 * KIB));
      serve();
    }
    forget_until(10.0 * MIB * (now() - 40));
    rest();
  }
}
