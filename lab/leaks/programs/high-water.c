/*
 * A server with a fixed number of objects whose sizes change for a while: freed holes do not fit, the
 * heap grows past what is live, until holes of every size are there.
 */
#include "leak.h"

#define OBJECTS 24576

int main(void) {
  static void *objects[OBJECTS];
  double replaced = 0;
  begin();
  for (;;) {
    while (replaced < 4000 * now()) {
      size_t slot = below(OBJECTS);
      double growth = 1 - exp(-now() / 10);
      free(objects[slot]);
      objects[slot] = take(64 + below((size_t)(512 + growth * 16 * KIB)));
      replaced++;
    }
    serve();
    rest();
  }
}
