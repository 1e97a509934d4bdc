/*
 * Becomes PROGRAM, which then ends with its parent, however that ends. Ports are Unix sockets that it was given:
 * each holds about BYTES of what PROGRAM writes byte by byte, where it would else hold some hundred (wmem_default
 * by the size of an skb, af_unix.c), a third of a second at 9600 baud.
 *
 * launch PARENT_PID [FD:BYTES...] -- PROGRAM [ARGUMENT...]
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of an skb with one byte, halved, since the kernel doubles what is asked for (socket(7)). */
static const int COST = 384;

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    perror("launch: prctl");
    return 1;
  }
  /* It was gone before it was bound to. */
  if (getppid() != atoi(argv[1])) return 1;
  int i = 2;
  for (; i < argc && strcmp(argv[i], "--"); i++) {
    int fd, bytes;
    if (sscanf(argv[i], "%d:%d", &fd, &bytes) != 2) return 2;
    int size = bytes * COST;
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) != 0) {
      perror("launch: setsockopt");
      return 1;
    }
  }
  if (i + 1 >= argc) return 2;
  execv(argv[i + 1], &argv[i + 1]);
  perror(argv[i + 1]);
  return 127;
}
