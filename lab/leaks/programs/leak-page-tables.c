/*
 * A store that touches one page of each 2 MiB of an ever larger index: 2 MiB/s of pages, and as much
 * again of page tables, which are in no RSS.
 */
#include "leak.h"

#define STRIDE (2 * MIB)
#define REGION (1024 * MIB)

int main(void) {
  const double touches_per_sec = 512;
  char *region = NULL;
  size_t offset = REGION;
  double touched = 0;
  begin();
  for (;;) {
    while (touched < touches_per_sec * now()) {
      if (offset == REGION) {
        const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
        region = (char *)mmap(NULL, REGION, PROT_READ | PROT_WRITE, flags, -1, 0);
        if (region == MAP_FAILED) end_at_bound("mmap");
        madvise(region, REGION, MADV_NOHUGEPAGE);
        offset = 0;
      }
      region[offset] = 0x5a;
      offset += STRIDE;
      touched++;
    }
    serve();
    rest();
  }
}
