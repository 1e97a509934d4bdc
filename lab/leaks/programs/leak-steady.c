/* A server that forgets the context of every request that it has answered: 9 MiB/s from the start. */
#include "leak.h"

int main(void) {
  begin();
  for (;;) {
    forget_until(9.0 * MIB * now());
    rest();
  }
}
