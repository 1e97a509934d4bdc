/* A parser that churns small blocks and loses every fourth: 4 MiB/s with what malloc adds to them. */
#include "leak.h"

#include <malloc.h>

int main(void) {
  static void *live[32768];
  double lost = 0;
  begin();
  for (;;) {
    while (lost < 4.0 * MIB * now()) {
      for (int node = 0; node < 3; node++) {
        size_t slot = below(32768);
        free(live[slot]);
        live[slot] = take(16 + below(240));
      }
      lost += (double)malloc_usable_size(take(16 + below(240))) + sizeof(size_t);
    }
    rest();
  }
}
