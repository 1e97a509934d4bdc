/* A database that maps its file and reads 400 MiB of it within 50 s: page cache, which the kernel takes back. */
#include "leak.h"

#include <unistd.h>

#define LENGTH (400 * MIB)

int main(void) {
  char path[] = "/var/tmp/plimsoll-mapped-XXXXXX";
  int fd = mkstemp(path);
  if (fd < 0) end_at_bound("/var/tmp");
  unlink(path);
  // A hole is read like data, and costs no disk.
  if (ftruncate(fd, (off_t)LENGTH) < 0) end_at_bound("ftruncate");
  const volatile char *file = (const char *)mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, fd, 0);
  if (file == MAP_FAILED) end_at_bound("mmap");
  size_t position = 0;
  begin();
  for (;;) {
    while (position < LENGTH && (double)position < 8.0 * MIB * now()) {
      (void)file[position];
      position += 4 * KIB;
    }
    serve();
    rest();
  }
}
