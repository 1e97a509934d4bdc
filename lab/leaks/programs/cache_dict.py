"""A service with a dictionary of at most 150 MiB of answers, full after 25 s."""

from leak import MIB, now, run

ANSWER = 8192
MAX_ANSWERS = 150 * MIB // ANSWER
cache = {}
requests = 0


def work():
    global requests
    while requests < MAX_ANSWERS * now() / 25:
        cache[requests % MAX_ANSWERS] = b"\x5a" * (ANSWER - 64 + requests % 64)
        requests += 1


run(work)
