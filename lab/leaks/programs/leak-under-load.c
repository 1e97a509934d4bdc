/* A server whose buffers follow the load, 0 to 150 MiB every 15 s, and which leaks 7 MiB/s below that. */
#include "leak.h"

int main(void) {
  begin();
  for (;;) {
    hold_buffers((size_t)(150 * load(15)));
    forget_until(7.0 * MIB * now());
    rest();
  }
}
