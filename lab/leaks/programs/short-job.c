/* A compiler that frees nothing, 8 MiB/s, since it ends after 20 s and the kernel takes it all back. */
#include "leak.h"

int main(void) {
  begin();
  while (now() < 20) {
    forget_until(8.0 * MIB * now());
    rest();
  }
  return 0;
}
