/*
 * What any other process feels: sleeps, allocates and frees, and notes every beat that came late. A
 * stall is the time that a beat took beyond its sleep. Told as JSON lines when it is over, since
 * nothing is written while memory is short; the sum is told at SIGTERM. `--tell-ms` says besides, so often,
 * that it still beats: whoever hears nothing knows that it stands still.
 *
 * heartbeat NAME PORT [--alloc-kib 1024] [--every-ms 20] [--stall-ms 100] [--tell-ms 0] [--locked]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;

static void end(int sig) {
  (void)sig;
  is_over = 1;
}

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* Every page of it is touched, or nothing would be asked of the kernel. */
static void allocate_and_free(size_t bytes) {
  if (bytes == 0) return;
  char *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return;
  for (size_t at = 0; at < bytes; at += 4096) block[at] = 1;
  munmap(block, bytes);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const char *name = argv[1];
  size_t alloc_kib = 1024;
  double every_ms = 20, stall_ms = 100, tell_ms = 0;
  for (int i = 3; i < argc; i++) {
    if (!strcmp(argv[i], "--locked")) mlockall(MCL_CURRENT | MCL_FUTURE);
    else if (!strcmp(argv[i], "--alloc-kib")) alloc_kib = strtoul(argv[++i], NULL, 10);
    else if (!strcmp(argv[i], "--every-ms")) every_ms = atof(argv[++i]);
    else if (!strcmp(argv[i], "--stall-ms")) stall_ms = atof(argv[++i]);
    else if (!strcmp(argv[i], "--tell-ms")) tell_ms = atof(argv[++i]);
  }
  prctl(PR_SET_NAME, name);
  signal(SIGTERM, end);
  int port = open(argv[2], O_WRONLY | O_NOCTTY);
  if (port < 0) return 1;
  char line[256];
  double longest = 0, total = 0, told = 0;
  unsigned long beats = 0, stalls = 0;
  const struct timespec pause = {.tv_sec = (time_t)(every_ms / 1000),
                                 .tv_nsec = (long)(every_ms * 1e6) % 1000000000L};
  while (!is_over) {
    double from = now_ms();
    nanosleep(&pause, NULL);
    allocate_and_free(alloc_kib * 1024);
    double took = now_ms() - from - every_ms;
    beats++;
    if (tell_ms > 0 && from - told >= tell_ms) {
      told = from;
      int length = snprintf(line, sizeof line,
                            "{\"event\":\"beat\",\"name\":\"%s\",\"atMs\":%.1f}\n", name, from);
      if (write(port, line, length) != length) return 1;
    }
    if (took > longest) longest = took;
    if (took < stall_ms) continue;
    stalls++;
    total += took;
    int length = snprintf(line, sizeof line,
                          "{\"event\":\"stall\",\"name\":\"%s\",\"atMs\":%.1f,\"lastedMs\":%.1f}\n", name,
                          from, took);
    if (write(port, line, length) != length) return 1;
  }
  int length = snprintf(line, sizeof line,
                        "{\"event\":\"heartbeat\",\"name\":\"%s\",\"beats\":%lu,\"stalls\":%lu,"
                        "\"longestMs\":%.1f,\"totalMs\":%.1f}\n",
                        name, beats, stalls, longest, total);
  return write(port, line, length) == length ? 0 : 1;
}
