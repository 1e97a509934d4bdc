/* A service: a parent that does nothing but replace its worker, as on a deploy. */
#ifndef SERVICE_H
#define SERVICE_H

#include "leak.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that goes when its parent does, whatever ended that. */
static inline pid_t start_child(void (*work)(void)) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child < 0) end_at_bound("fork");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  start_clock();
  work();
  _exit(0);
}

/* Runs one worker after the other, each for its seconds; the last one until its end. */
static inline int supervise(void (*work)(void), const double *lifetimes, int count) {
  begin();
  for (int i = 0; i < count; i++) {
    double until = now() + lifetimes[i];
    pid_t worker = start_child(work);
    while (now() < until) rest();
    kill(worker, SIGTERM);
    waitpid(worker, NULL, 0);
  }
  int status = 0;
  waitpid(start_child(work), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

#endif
