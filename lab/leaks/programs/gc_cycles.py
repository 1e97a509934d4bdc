"""Requests in reference cycles, 8 MiB/s, that wait for the collector: a sawtooth over a flat floor."""

import gc

from leak import MIB, now, run

PAYLOAD = 16384
# As services do that want fewer pauses: 80 MiB wait for the collector.
gc.set_threshold(5000, 10, 10)
requests = 0


class Request:
    def __init__(self):
        self.body = bytearray(b"\x5a") * PAYLOAD
        self.itself = self


def work():
    global requests
    while requests < 8 * MIB * now() / PAYLOAD:
        Request()
        requests += 1


run(work)
