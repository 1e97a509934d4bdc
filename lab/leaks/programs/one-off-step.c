/* A server that reads a table of 300 MiB after 30 s, and keeps it. */
#include "leak.h"

int main(void) {
  int loaded = 0;
  begin();
  for (;;) {
    while (now() > 30 && loaded < 300) {
      take_pages(MIB);
      loaded++;
    }
    serve();
    rest();
  }
}
