/*
 * Writes COUNT records of 4 KiB one after the other from slot FIRST of DEVICE on, one every EVERY ms, and tells
 * each on PORT once its write has returned. Each sector of a record begins with `NAME SLOT `, so that a torn one
 * is seen. With --direct they go past the page cache, with --dsync a write returns when it is durable (open(2)).
 *
 * slots NAME DEVICE FIRST COUNT EVERY_MS PORT [--direct] [--dsync]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RECORD = 4096, SECTOR = 512 };

int main(int argc, char **argv) {
  if (argc < 7) return 2;
  const char *name = argv[1];
  long first = atol(argv[3]), count = atol(argv[4]), every_ms = atol(argv[5]);
  int flags = O_WRONLY;
  for (int i = 7; i < argc; i++) {
    if (!strcmp(argv[i], "--direct")) flags |= O_DIRECT;
    else if (!strcmp(argv[i], "--dsync")) flags |= O_DSYNC;
    else return 2;
  }
  int device = open(argv[2], flags);
  int port = open(argv[6], O_WRONLY | O_NOCTTY);
  char *record;
  if (device < 0 || port < 0 || posix_memalign((void **)&record, RECORD, RECORD)) {
    perror("slots");
    return 1;
  }
  const struct timespec pause = {.tv_sec = every_ms / 1000, .tv_nsec = every_ms % 1000 * 1000000L};
  for (long slot = first; slot < first + count; slot++) {
    memset(record, '.', RECORD);
    for (int at = 0; at < RECORD; at += SECTOR) {
      int length = sprintf(record + at, "%s %ld", name, slot);
      record[at + length] = ' ';
    }
    if (pwrite(device, record, RECORD, slot * RECORD) != RECORD) {
      perror("slots: pwrite");
      return 1;
    }
    char line[128];
    int length = snprintf(line, sizeof line, "{\"event\":\"wrote\",\"name\":\"%s\",\"slot\":%ld}\n", name, slot);
    if (write(port, line, length) != length) return 1;
    nanosleep(&pause, NULL);
  }
  return 0;
}
