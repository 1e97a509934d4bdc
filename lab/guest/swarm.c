/* Many small processes of one name: forks one after the other, each of which holds MIB MiB, until one of
 * them is killed. They all end with it.
 *
 * swarm NAME MIB
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  prctl(PR_SET_NAME, argv[1]);
  size_t bytes = (size_t)atol(argv[2]) << 20;
  while (waitpid(-1, NULL, WNOHANG) <= 0) {
    int ready[2];
    char byte = 0;
    if (pipe(ready) != 0) return 1;
    pid_t pid = fork();
    if (pid < 0) return 1;
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      char *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (block == MAP_FAILED) return 1;
      for (size_t at = 0; at < bytes; at += 4096) block[at] = 1;
      if (write(ready[1], &byte, 1) != 1) return 1;
      close(ready[0]);
      close(ready[1]);
      for (;;) pause();
    }
    close(ready[1]);
    /* Ends with the child too, if it is killed before it has what it wants. */
    ssize_t got = read(ready[0], &byte, 1);
    close(ready[0]);
    (void)got;
  }
  return 0;
}
