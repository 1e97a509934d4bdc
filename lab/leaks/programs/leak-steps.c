/* A server that keeps every batch that it has imported: 24 chunks of 1 MiB every 4 s. */
#include "leak.h"

int main(void) {
  int batches = 0;
  begin();
  for (;;) {
    while (batches < (int)(now() / 4)) {
      for (int chunk = 0; chunk < 24; chunk++) take(MIB);
      batches++;
    }
    serve();
    rest();
  }
}
