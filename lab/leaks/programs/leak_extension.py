"""An extension module that allocates with malloc and never frees, which no Python tool sees: 8 MiB/s."""

import ctypes

from leak import MIB, now, run

BLOCK = 32 * 1024
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
lost = 0


def work():
    global lost
    while lost < 8 * MIB * now():
        block = libc.malloc(BLOCK)
        if block is None:
            raise MemoryError
        ctypes.memset(block, 0x5A, BLOCK)
        lost += BLOCK


run(work)
