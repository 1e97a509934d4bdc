/*
 * Loses memory in each of the four ways that valgrind tells apart, for valgrind-report.test.ts.
 * In /tmp, so that the reports name no other place:
 *
 *   gcc -O0 -w -o /tmp/four-kinds four-kinds.c && cd /tmp
 *   valgrind --leak-check=full --show-leak-kinds=all --xml=yes --xml-file=four-kinds.xml ./four-kinds
 *   valgrind --leak-check=full --show-leak-kinds=all --log-file=four-kinds.txt ./four-kinds
 */
#include <stdlib.h>

static void *reachable;
static char *interior;

static void lose(void) {
  for (int i = 0; i < 3; i++) {
    void **owner = malloc(1000);
    owner[0] = malloc(200); /* nothing points to it but what is lost itself */
  }
}

/* The place on the stack where a pointer to what is lost may have stayed. */
static void overwrite_stack(void) {
  volatile char bytes[4096];
  for (int i = 0; i < 4096; i++) bytes[i] = 0;
}

int main(void) {
  reachable = malloc(50);
  interior = (char *)malloc(1500) + 700;
  lose();
  overwrite_stack();
  return 0;
}
