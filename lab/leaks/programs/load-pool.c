/* A server whose buffers follow the load, 0 to 400 MiB every 20 s, and all come back. */
#include "leak.h"

int main(void) {
  begin();
  for (;;) {
    hold_buffers((size_t)(400 * load(20)));
    serve();
    rest();
  }
}
