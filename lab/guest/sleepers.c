/* Rows of the task table: so many processes named NAME-0, NAME-1 and so on, that do nothing.
 *
 * sleepers COUNT [NAME]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  long count = argc > 1 ? atol(argv[1]) : 0;
  const char *name = argc > 2 ? argv[2] : "sleeper";
  for (long i = 0; i < count; i++) {
    pid_t pid = fork();
    if (pid < 0) {
      perror("sleepers: fork");
      return 1;
    }
    if (pid > 0) continue;
    char own[16];
    snprintf(own, sizeof own, "%.8s-%ld", name, i);
    prctl(PR_SET_NAME, own);
    for (;;) pause();
  }
  return 0;
}
