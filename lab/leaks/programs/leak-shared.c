/*
 * A server that keeps the shared frame of every image, 8 MiB/s: in an anonymous shared mapping, a
 * memfd, or a SysV segment. The kernel removes each with its last user, so none outlives the program.
 */
#include "leak.h"

#include <sys/shm.h>
#include <unistd.h>

static void *share_anonymous(void) {
  return mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void *share_memfd(void) {
  static int fd = -1;
  static off_t length;
  if (fd < 0) fd = memfd_create("frames", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, length + (off_t)MIB) < 0) return MAP_FAILED;
  length += (off_t)MIB;
  return mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_SHARED, fd, length - (off_t)MIB);
}

static void *share_sysv(void) {
  int id = shmget(IPC_PRIVATE, MIB, IPC_CREAT | 0600);
  if (id < 0) return MAP_FAILED;
  void *segment = shmat(id, NULL, 0);
  shmctl(id, IPC_RMID, NULL);
  return segment;
}

int main(int count, char **arguments) {
  const char *way = count > 1 ? arguments[1] : "anonymous";
  void *(*share)(void) = !strcmp(way, "memfd")  ? share_memfd
                         : !strcmp(way, "sysv") ? share_sysv
                                                : share_anonymous;
  int frames = 0;
  begin();
  for (;;) {
    while (frames < 8 * now()) {
      void *frame = share();
      if (frame == MAP_FAILED) end_at_bound(way);
      memset(frame, 0x5a, MIB);
      frames++;
    }
    serve();
    rest();
  }
}
