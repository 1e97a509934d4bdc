/* A command that frees nothing, 9 MiB/s as leak-steady.c, but ends after a second: the kernel frees it. */
#include "leak.h"

int main(void) {
  begin();
  while (now() < 1) {
    forget_until(9.0 * MIB * now());
    rest();
  }
  return 0;
}
