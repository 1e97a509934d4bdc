/* A server with 64 MiB of sessions that come and go, and never more of them. */
#include "leak.h"

int main(void) {
  static void *sessions[8192];
  for (int i = 0; i < 8192; i++) sessions[i] = take(1 + below(16 * KIB));
  begin();
  for (;;) {
    for (int request = 0; request < 40; request++) {
      size_t slot = below(8192);
      free(sessions[slot]);
      sessions[slot] = take(1 + below(16 * KIB));
      serve();
    }
    rest();
  }
}
