/* A database of 80 MiB that forks a child for each query, twice a second; each writes to 8 MiB of it. */
#include "service.h"

static char *tables;

static void answer(void) {
  memset(tables + below(72) * MIB, 0x33, 8 * MIB);
  while (now() < 1.2) rest();
}

int main(void) {
  int queries = 0;
  tables = (char *)take_pages(80 * MIB);
  begin();
  for (;;) {
    while (queries < 2 * now()) {
      // The child's place is drawn here: below() in a child would draw the same for each.
      below(2);
      start_child(answer);
      queries++;
    }
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    rest();
  }
}
