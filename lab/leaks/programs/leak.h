/*
 * What every program in C here needs: its pace, its clock, its work, its first word and its last.
 *
 * LEAK_PACE=10 makes a program's own time run ten times as fast: rates are ten times as high and
 * what begins after 30 s begins after 3 s. How much is ever held stays the same.
 *
 * LEAK_SECONDS=1 ends it, well, after a second of its own time: for what looks at a program's exit.
 */
#ifndef LEAK_H
#define LEAK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

static double leak_pace = 1;
static double leak_seconds = INFINITY;
static struct timespec leak_start;
static uint32_t leak_seed = 20240229;

/* Own time begins here; a worker that replaces another begins its own. */
static inline void start_clock(void) { clock_gettime(CLOCK_MONOTONIC, &leak_start); }

/* Says that the program's life begins now; its truth counts from here. */
static inline void begin(void) {
  const char *pace = getenv("LEAK_PACE");
  if (pace) leak_pace = atof(pace);
  if (!(leak_pace > 0)) leak_pace = 1;
  const char *seconds = getenv("LEAK_SECONDS");
  if (seconds) leak_seconds = atof(seconds);
  start_clock();
  puts("ready");
  fflush(stdout);
}

/* Seconds of the program's own time since begin(). */
static inline double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  double seconds = (double)(at.tv_sec - leak_start.tv_sec);
  return leak_pace * (seconds + (double)(at.tv_nsec - leak_start.tv_nsec) / 1e9);
}

/* Waits for the next requests: 20 ms of everybody's time, whatever the pace. */
static inline void rest(void) {
  if (now() >= leak_seconds) exit(0);
  struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
  nanosleep(&pause, NULL);
}

/* The bound is met: ends as a real program would that checks what it allocates. */
static inline void end_at_bound(const char *what) {
  perror(what);
  exit(12);
}

/* Bytes that are written, so that they are resident; the compiler may not leave them out. */
static inline void *take(size_t size) {
  void *block = malloc(size);
  if (!block) end_at_bound("malloc");
  memset(block, 0x5a, size);
  __asm__ volatile("" : : "r"(block) : "memory");
  return block;
}

/* Resident memory of a mapping of its own, which munmap gives back to the kernel at once. */
static inline void *take_pages(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) end_at_bound("mmap");
  memset(pages, 0x5a, size);
  return pages;
}

/* The same sequence in every run (Numerical Recipes' generator; its high bits). */
static inline size_t below(size_t bound) {
  leak_seed = leak_seed * 1664525u + 1013904223u;
  return (size_t)(((uint64_t)leak_seed * bound) >> 32);
}

/* One request: a response of up to 32 KiB replaces one of the 64 in flight. */
static inline void serve(void) {
  static void *responses[64];
  size_t slot = below(64);
  free(responses[slot]);
  responses[slot] = take(1 + below(32 * KIB));
}

/* Forgets the contexts of requests until so many bytes are lost in all. */
static inline void forget_until(double bytes) {
  static double forgotten;
  while (forgotten < bytes) {
    size_t context = 256 + below(8 * KIB);
    take(context);
    serve();
    forgotten += (double)context;
  }
}

/* A pool of 1 MiB buffers that holds as many as are asked for; what it drops goes back at once. */
static inline void hold_buffers(size_t wanted) {
  static void *buffers[1024];
  static size_t held;
  if (wanted > 1024) wanted = 1024;
  while (held < wanted) buffers[held++] = take_pages(MIB);
  while (held > wanted) munmap(buffers[--held], MIB);
}

/* Load of a service, from 0 to 1 and back every `period` seconds. */
static inline double load(double period) { return 0.5 - 0.5 * cos(2 * M_PI * now() / period); }

#endif
