/* Runs a program that may take memory of one NUMA node alone, as `numactl --membind` does.
 *
 * bind NODE PROGRAM [ARGUMENT...]
 */
#include <linux/mempolicy.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  unsigned long nodes = 1UL << atoi(argv[1]);
  /* libnuma alone wraps it; the kernel takes one bit less than it is told. */
  if (syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, sizeof nodes * 8 + 1) != 0) return 1;
  execvp(argv[2], argv + 2);
  return 1;
}
