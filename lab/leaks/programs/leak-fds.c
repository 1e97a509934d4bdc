/* A server that forgets to close the connection on an error path: 20 descriptors a second. */
#include "leak.h"

#include <fcntl.h>

int main(void) {
  int opened = 0;
  begin();
  for (;;) {
    while (opened < 20 * now()) {
      if (open("/dev/null", O_RDONLY) < 0) end_at_bound("open");
      opened++;
    }
    serve();
    rest();
  }
}
