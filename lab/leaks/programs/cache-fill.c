/* A server that fills its cache to 180 MiB (150 of entries) within 20 s, then answers from it and replaces entries. */
#include "leak.h"

#define ENTRIES 9600
#define ENTRY (16 * KIB)

int main(void) {
  static void *cache[ENTRIES];
  const double entries_per_sec = ENTRIES / 20.0;
  size_t filled = 0;
  begin();
  for (;;) {
    while (filled < ENTRIES && (double)filled < entries_per_sec * now()) {
      cache[filled++] = take(ENTRY);
      serve();
    }
    for (int request = 0; request < 20; request++) {
      serve();
      if (filled < ENTRIES) continue;
      size_t evicted = below(ENTRIES);
      free(cache[evicted]);
      cache[evicted] = take(ENTRY);
    }
    rest();
  }
}
