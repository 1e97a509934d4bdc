/*
 * Kernel memory that no process holds: System V messages, kept in kmalloc'd pieces of a page
 * (ipc/msgutil.c, alloc_msg), which are unreclaimable slab and outlive who sent them. Sends MIB MiB;
 * kernel.msgmnb and kernel.msgmax must allow it. `--remove` takes all away.
 *
 * messages MIB | messages --remove
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#define KEY 0x506c
/* A piece's own header leaves 4096 - 48 bytes of the first, and 4096 - 8 of the next. */
#define BYTES (4096 - 48)

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  int queue = msgget(KEY, IPC_CREAT | 0600);
  if (queue < 0) return 1;
  if (!strcmp(argv[1], "--remove")) return msgctl(queue, IPC_RMID, NULL) == 0 ? 0 : 1;
  static struct {
    long type;
    char text[BYTES];
  } message = {.type = 1};
  for (long left = atol(argv[1]) * 256; left > 0; left--)
    if (msgsnd(queue, &message, BYTES, IPC_NOWAIT) != 0) return 1;
  return 0;
}
