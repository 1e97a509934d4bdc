/*
 * A server that appends to a file in /dev/shm for ever: 8 MiB/s that no process' figures show. The file
 * has no name, so that it goes with the program.
 */
#include "leak.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

int main(void) {
  static char record[64 * KIB];
  double written = 0;
  signal(SIGXFSZ, SIG_IGN);
  int fd = open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
  if (fd < 0) end_at_bound("/dev/shm");
  memset(record, 0x5a, sizeof record);
  begin();
  for (;;) {
    while (written < 8.0 * MIB * now()) {
      if (write(fd, record, sizeof record) != (ssize_t)sizeof record) end_at_bound("write");
      written += sizeof record;
    }
    serve();
    rest();
  }
}
