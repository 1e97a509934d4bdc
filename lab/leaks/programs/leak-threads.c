/* A server that starts a thread for each session and never ends it: four a second, 1 MiB of stack each. */
#include "leak.h"

#include <pthread.h>
#include <unistd.h>

static void *wait_for_ever(void *unused) {
  char stack[MIB];
  memset(stack, 0x5a, sizeof stack);
  __asm__ volatile("" : : "r"(stack) : "memory");
  for (;;) pause();
  return unused;
}

int main(void) {
  int sessions = 0;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, MIB + 64 * KIB);
  begin();
  for (;;) {
    while (sessions < 4 * now()) {
      pthread_t thread;
      int error = pthread_create(&thread, &attributes, wait_for_ever, NULL);
      if (error) {
        fprintf(stderr, "pthread_create: %s\n", strerror(error));
        exit(12);
      }
      sessions++;
    }
    serve();
    rest();
  }
}
