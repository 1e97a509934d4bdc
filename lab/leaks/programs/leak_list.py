"""A collector of metrics that appends each sample to a list and never reads it: 6 MiB/s."""

import sys

from leak import MIB, now, run

samples = []
held = 0


def work():
    global held
    while held < 6 * MIB * now():
        sample = b"\x5a" * (1024 + len(samples) % 2048)
        samples.append(sample)
        held += sys.getsizeof(sample)


run(work)
