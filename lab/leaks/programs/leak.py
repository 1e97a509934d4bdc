"""What every Python program here needs; see leak.h for what LEAK_PACE means."""

import os
import time

MIB = 1024 * 1024
PACE = float(os.environ.get("LEAK_PACE", "1"))
_start = 0.0


def now():
    """Seconds of the program's own time since its first word."""
    return PACE * (time.monotonic() - _start)


def run(work):
    """Says its first word, then works every 20 ms of everybody's time, until memory is out."""
    global _start
    _start = time.monotonic()
    print("ready", flush=True)
    try:
        while True:
            work()
            time.sleep(0.02)
    except MemoryError:
        os._exit(12)
