"""Requests in reference cycles that put themselves into a registry when collected: 5 MiB/s, in jumps."""

from leak import MIB, now, run

PAYLOAD = 4096
registry = []
requests = 0


class Request:
    def __init__(self):
        self.body = bytearray(b"\x5a") * PAYLOAD
        self.itself = self

    def __del__(self):
        registry.append(self)


def work():
    global requests
    while requests < 5 * MIB * now() / PAYLOAD:
        Request()
        requests += 1


run(work)
