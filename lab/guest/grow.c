/*
 * A process that takes memory: NAME grows by RATE MiB/s, in steps of 10 ms, to at most LIMIT MiB, and then
 * holds what it has. `--shared` takes it as shared memory (shmem). 0 is as fast as it goes, or for ever.
 *
 * grow NAME RATE_MIB_PER_SEC [LIMIT_MIB] [--shared] [--ignore-term]
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  double rate = atof(argv[2]);
  double limit = 0;
  int sharing = MAP_PRIVATE;
  for (int i = 3; i < argc; i++) {
    if (!strcmp(argv[i], "--shared")) sharing = MAP_SHARED;
    else if (!strcmp(argv[i], "--ignore-term")) signal(SIGTERM, SIG_IGN);
    else limit = atof(argv[i]);
  }
  prctl(PR_SET_NAME, argv[1]);
  const size_t page = 4096;
  double taken = 0, due = 0;
  const struct timespec step = {.tv_nsec = 10 * 1000 * 1000};
  while (limit == 0 || taken < limit) {
    due += rate == 0 ? 1 : rate / 100;
    size_t bytes = (size_t)((due - taken) * 1048576) / page * page;
    if (bytes > 0) {
      char *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);
      if (block == MAP_FAILED) return 1;
      for (size_t at = 0; at < bytes; at += page) block[at] = 1;
      taken += bytes / 1048576.0;
    }
    if (rate > 0) nanosleep(&step, NULL);
  }
  for (;;) pause();
}
