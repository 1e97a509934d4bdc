/* A server that forgets the context of every request that it has answered: 9 MiB/s from the start. */
#include "leak.h"

int main(void) {
  const double rate = 9.0 * MIB;
  double forgotten = 0;
  begin();
  for (;;) {
    while (forgotten < rate * now()) {
      size_t context = 256 + below(8 * KIB);
      take(context);
      serve();
      forgotten += context;
    }
    rest();
  }
}
