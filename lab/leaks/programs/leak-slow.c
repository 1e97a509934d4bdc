/* A small agent that maps one more page run of 16 KiB for each event: 1.5 MiB/s, no fragmentation. */
#include "leak.h"

int main(void) {
  double mapped = 0;
  begin();
  for (;;) {
    while (mapped < 1.5 * MIB * now()) {
      take_pages(16 * KIB);
      mapped += 16 * KIB;
    }
    rest();
  }
}
