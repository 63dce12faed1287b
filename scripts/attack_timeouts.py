"""Checks that every time-out of forma3d-httpd acts; called by `scripts/attack --timeouts`.

Nine connections at once, each stuck in its own way; each must be closed by the server within the limit, with a 408
where a request was begun, so that an honest but slow client learns what happened (RFC 9110 §15.5.9).
"""

import argparse
import select
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import bench_servers as servers

LIMIT_SECONDS = 80
IDLE_LIMIT_SECONDS = 130
TICK_SECONDS = 1
POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /json HTTP/1.1\r\nHost: localhost\r\n\r\n"
TINY_WINDOW_BYTES = 2_048
# The kernel takes some megabytes for a peer that does not read; enough requests for several times that.
PIPELINED_REQUESTS = 100_000


@dataclass(frozen=True)
class Case:
    """Sends `opening`, then `drip` each second. `final`: the last status expected before the close; None is none."""

    name: str
    opening: bytes
    final: tuple
    drip: bytes = b""
    reads: bool = True
    is_idle: bool = False


CASES = (
    Case("sends nothing", b"", final=(None, 408)),
    Case("half a head, then silence", b"GET / HTTP/1.1\r\nHost: loc", final=(408,)),
    Case("head, one byte a second", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", final=(408,), drip=b"a"),
    Case("body announced, then silence", POST + b"Content-Length: 100000\r\n\r\n", final=(408,)),
    Case("body below the minimum rate", POST + b"Content-Length: 100000\r\n\r\n", final=(408,), drip=b"b" * 10),
    Case("silence inside a chunk", POST + b"Transfer-Encoding: chunked\r\n\r\n1000\r\nabc", final=(408,)),
    Case("100 Continue, then silence", POST + b"Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n", final=(408,)),
    Case("pipelines much, never reads", GET * PIPELINED_REQUESTS, final=(None,), reads=False),
    Case("idle after an answer", GET, final=(200,), is_idle=True),
)


@dataclass(frozen=True)
class Outcome:
    case: Case
    closed_after_seconds: float | None
    statuses: list

    def is_right(self):
        last = self.statuses[-1] if self.statuses else None
        return self.closed_after_seconds is not None and last in self.case.final

    def row(self):
        after = "not closed" if self.closed_after_seconds is None else f"{self.closed_after_seconds:.1f}"
        answers = " ".join(str(status) for status in self.statuses) or "-"
        wanted = " or ".join("-" if status is None else str(status) for status in self.case.final)
        return [self.case.name, after, answers, wanted, "acts" if self.is_right() else "DOES NOT ACT"]


def main():
    options = parse_options()
    command = options.command or servers.forma3d_command()
    with tempfile.TemporaryDirectory(prefix="attack-timeouts-") as folder:
        with servers.running("forma3d", command, folder) as server, ThreadPoolExecutor(len(CASES)) as threads:
            print(f"{len(CASES)} connections at once; this takes up to {options.idle_limit} s", flush=True)
            outcomes = list(threads.map(lambda case: watch(case, server.port, options), CASES))
            server.check_alive()

    print("\n| connection that | closed after, s | answers | expected last | time-out |\n"
          "| --- | --- | --- | --- | --- |")
    for outcome in outcomes:
        print("| " + " | ".join(outcome.row()) + " |")
    right = sum(outcome.is_right() for outcome in outcomes)
    print(f"\n{right} of {len(CASES)} time-outs act")
    return 0 if right == len(CASES) else 1


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/attack --timeouts", description="Checks that every time-out of forma3d-httpd acts.")
    parser.add_argument("--limit", type=int, default=LIMIT_SECONDS, metavar="SECONDS", help="for each but the idle one")
    parser.add_argument("--idle-limit", type=int, default=IDLE_LIMIT_SECONDS, metavar="SECONDS",
                        help="for a connection that idles after an answer")
    parser.add_argument("--command", metavar="WORDS",
                        help="start this instead of building forma3d-httpd; {port} stands for the port")
    return parser.parse_args()


def watch(case, port, options):
    """Does what the case says until the server closes or the limit is over. Bytes refused are no end: a close is."""
    limit = options.idle_limit if case.is_idle else options.limit
    received = b""
    with servers.connect(port, receive_bytes=None if case.reads else TINY_WINDOW_BYTES) as connection:
        connection.setblocking(False)
        start = time.monotonic()
        unsent = send_some(connection, case.opening)
        while time.monotonic() - start < limit:
            next_tick = time.monotonic() + TICK_SECONDS
            is_closed = False
            while not is_closed and (wait := next_tick - time.monotonic()) > 0:
                if case.reads:
                    piece = receive(connection, wait)
                    received += piece or b""
                    is_closed = piece == b""
                else:
                    time.sleep(wait)
                    is_closed = connection.getsockname() not in servers.peers_connected_to(port)
            if is_closed:
                return Outcome(case, time.monotonic() - start, statuses(received))
            unsent = send_some(connection, unsent or case.drip)
    return Outcome(case, None, statuses(received))


def send_some(connection, data):
    """Sends what the kernel takes and returns the rest."""
    while data:
        try:
            data = data[connection.send(data[:65_536]):]
        except OSError:
            break
    return data


def receive(connection, seconds):
    """What came within that time; None is nothing, empty is the end."""
    if not select.select([connection], [], [], seconds)[0]:
        return None
    try:
        return connection.recv(65_536)
    except OSError:
        return b""


def statuses(received):
    """Of the answers in `received`, whose bodies hold no line that looks like a status line."""
    lines = received.decode("latin-1").split("\r\n")
    # An answer without a newline at its end is followed at once by the next status line.
    starts = [line[line.index("HTTP/1.1 ") + 9:] for line in lines if "HTTP/1.1 " in line]
    return [int(start[:3]) for start in starts if start[:3].isdigit()]


if __name__ == "__main__":
    servers.run_to_the_end(main)
