"""Attacks forma3d-httpd with slow clients and measures what a normal client feels; called by `scripts/attack`.

The normal client sends on a fixed schedule, and its latency counts from the moment a request was due: a server that
stands still for a second delays two hundred requests, not one. The attackers are a process of their own that runs only
when nothing else wants its CPU, so that what is measured is the server's trouble and not theirs. All of it stays
within 127.0.0.0/8 and ends by itself.
"""

import argparse
import collections
import multiprocessing
import os
import select
import socket
import statistics
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass

import bench_servers as servers
from bench_servers import Trouble

SERVER_CPU = 0
CLIENTS_CPU = 1
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ANSWER_SECONDS_MAXIMUM = 5
SLOTS_PER_SECOND = 50
RAMP_SECONDS = 10
LOOK_SECONDS = 5
DESCRIPTORS_TO_SPARE = 500
TINY_WINDOW_BYTES = 2_048


@dataclass(frozen=True)
class Kind:
    """Sends `opening`, then each second `drip`, and reads `read_bytes` a second (None: whatever comes).

    `one_in`: so many times fewer connections than of the others.
    """

    name: str
    opening: bytes
    drip: bytes
    read_bytes: int | None = None
    receive_buffer_bytes: int | None = None
    one_in: int = 1


def attackers():
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    body = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    get = b"GET /json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    return [
        Kind("slow heads", head, drip=b"a"),
        Kind("slow bodies", body, drip=b"bbb"),
        Kind("slow readers", get * 100, drip=get, read_bytes=64, receive_buffer_bytes=TINY_WINDOW_BYTES),
        # The kernel takes megabytes of answers before the server itself is stuck with any. To get there takes thousands
        # of requests a connection; from all of the readers that would be a flood and no longer a slow attack.
        Kind("stuck readers", get * 400, drip=get * 400, read_bytes=0, receive_buffer_bytes=TINY_WINDOW_BYTES,
             one_in=100),
    ]


def main():
    options = parse_options()
    servers.raise_descriptor_limit(4 * options.connections + DESCRIPTORS_TO_SPARE)
    command = options.command or servers.forma3d_command()
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        with servers.running("forma3d", command, folder, None if options.no_pin else SERVER_CPU) as server:
            return attack(server, options)


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/attack", description="Attacks forma3d-httpd with slow clients while a normal one is measured.",
        epilog="scripts/attack --timeouts checks instead that every time-out acts; it has a --help of its own.")
    parser.add_argument("--connections", type=int, default=2_000, help="of each kind")
    parser.add_argument("--seconds", type=int, default=60, help="of attack")
    parser.add_argument("--quiet-seconds", type=int, default=10, help="of measuring undisturbed before it")
    parser.add_argument("--rate", type=int, default=200, help="requests a second of the normal client")
    parser.add_argument("--target", type=float, default=3.0, metavar="RATIO", help="of p99 under attack to p99 before")
    parser.add_argument("--timeline", action="store_true",
                        help="print the normal client's worst latency of each second")
    parser.add_argument("--no-pin", action="store_true",
                        help=f"do not pin the server to CPU {SERVER_CPU} and the clients to CPU {CLIENTS_CPU}")
    parser.add_argument("--command", metavar="WORDS",
                        help="start this instead of building forma3d-httpd; {port} stands for the port")
    options = parser.parse_args()
    if min(options.connections, options.seconds, options.quiet_seconds, options.rate) < 1:
        parser.error("every figure is at least 1")
    return options


def attack(server, options):
    if not options.no_pin:
        os.sched_setaffinity(0, {CLIENTS_CPU})
    with suppress(PermissionError):  # as root: the client's own waiting for a CPU is not the server's latency
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    print(f"machine: {servers.machine()}; {options.connections} connections of each kind for {options.seconds} s")
    normal_requests(server.port, 1, options.rate)
    memory_before = server.memory_bytes()
    quiet = normal_requests(server.port, options.quiet_seconds, options.rate)

    receiver, sender = multiprocessing.Pipe(duplex=False)
    crowd = multiprocessing.Process(
        target=run_crowd, args=(server.port, options.connections, options.seconds, sender), daemon=True)
    crowd.start()
    try:
        attacked = normal_requests(server.port, options.seconds, options.rate)
        server.check_alive()
        memory_held = server.memory_bytes()
        if not receiver.poll(30):
            raise Trouble("the attackers do not report")
        counts = receiver.recv()
    finally:
        crowd.kill()
        crowd.join()
    memory = (memory_before, memory_held, max(memory_held, server.memory_peak_bytes()))
    return report(quiet, attacked, counts, memory, options)


def report(quiet, attacked, counts, memory, options):
    print("\n| normal client | requests | failed | p50 us | p99 us | highest us |\n"
          "| --- | --- | --- | --- | --- | --- |")
    for name, run in (("before", quiet), ("under attack", attacked)):
        print(f"| {name} | {len(run.latencies)} | {run.failed} | {run.percentile(50):,.0f} | "
              f"{run.percentile(99):,.0f} | {max(run.latencies) * 1e6:,.0f} |")
    print("\n| attackers | opened | most at once | closed by the server | with the answers |\n"
          "| --- | --- | --- | --- | --- |")
    for name, count in counts.items():
        answers = ", ".join(f"{status}: {number}" for status, number in sorted(count["answers"].items())) or "none"
        print(f"| {name} | {count['opened']} | {count['most']} | {count['closed']} | {answers} |")
    if options.timeline:
        print_timeline(attacked, options)
    before, held, peak = (bytes_ / 2**20 for bytes_ in memory)
    print(f"\nserver RSS: {before:.1f} MiB before, {held:.1f} MiB at the attack's end, {peak:.1f} MiB at its highest")
    ratio = attacked.percentile(99) / quiet.percentile(99)
    is_met = ratio < options.target and attacked.failed == 0
    print(f"p99 under attack: {ratio:.2f} x before; target below {options.target:g} and no failed request: "
          f"{'met' if is_met else 'missed'}")
    return 0 if is_met else 1


def print_timeline(attacked, options):
    print("\nhighest latency of the normal client in each second of the attack, ms")
    for second in range(options.seconds):
        latencies = attacked.latencies[second * options.rate:(second + 1) * options.rate]
        print(f"{second:4} {max(latencies) * 1e3:8.1f}")


# The normal client


@dataclass
class NormalRun:
    latencies: list
    failed: int = 0

    def percentile(self, percent):
        """In microseconds."""
        return statistics.quantiles(self.latencies, n=100, method="inclusive")[percent - 1] * 1e6


def normal_requests(port, seconds, rate):
    """One keep-alive connection, `rate` requests a second; a failed request is counted with the time it took."""
    run = NormalRun([])
    connection = None
    start = time.perf_counter()
    for index in range(seconds * rate):
        due = start + index / rate
        wait = due - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        try:
            connection = connection or normal_connection(port)
            if not exchange(connection):
                connection.close()
                connection = None
        except (OSError, Trouble):
            run.failed += 1
            if connection:
                connection.close()
            connection = None
        run.latencies.append(time.perf_counter() - due)
    if connection:
        connection.close()
    return run


def normal_connection(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAXIMUM)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exchange(connection):
    """One request and its answer; false when the server wants the connection closed after it."""
    connection.sendall(REQUEST)
    received = b""
    while not received.endswith(servers.TEXT.encode()):
        piece = connection.recv(4096)
        received += piece
        if not piece or not received.startswith(b"HTTP/1.1 200"[:len(received)]):
            raise Trouble(f"the normal client was answered {received[:80]!r}")
    return b"connection: close" not in received.lower()


# The attackers


class Attacker:
    """One connection of the crowd."""

    def __init__(self, kind, index, connection):
        self.kind = kind
        self.index = index
        self.slot = index // kind.one_in % SLOTS_PER_SECOND
        self.connection = connection
        self.address = None
        self.is_open = False
        self.first_bytes = b""


class Crowd:
    """Keeps every attacker connected and dripping, in one epoll loop."""

    def __init__(self, port, per_kind):
        self.port = port
        self.poller = select.epoll()
        self.attackers = {}
        kinds = attackers()
        self.counts = {kind.name: {"opened": 0, "open": 0, "most": 0, "closed": 0, "answers": collections.Counter()}
                       for kind in kinds}
        self.waiting = collections.deque(
            (kind, index) for index in range(per_kind) for kind in kinds if index % kind.one_in == 0)
        self.opens_per_slot = max(1, len(self.waiting) // (RAMP_SECONDS * SLOTS_PER_SECOND))

    def run(self, seconds):
        start = time.monotonic()
        last_look = start
        for slot in range(seconds * SLOTS_PER_SECOND):
            due = start + slot / SLOTS_PER_SECOND
            self.handle_events_until(due)
            self.open_some()
            self.drip(slot % SLOTS_PER_SECOND)
            if time.monotonic() - last_look > LOOK_SECONDS:
                self.look_for_unseen_closes()
                last_look = time.monotonic()
        self.look_for_unseen_closes()
        return {name: {**count, "answers": dict(count["answers"])} for name, count in self.counts.items()}

    def handle_events_until(self, due):
        while True:
            wait = due - time.monotonic()
            for descriptor, events in self.poller.poll(max(0, wait), 256):
                attacker = self.attackers.get(descriptor)
                if attacker:
                    self.handle(attacker, events)
            if wait <= 0:
                return

    def open_some(self):
        for _ in range(min(self.opens_per_slot, len(self.waiting))):
            kind, index = self.waiting.popleft()
            connection = socket.socket()
            connection.setblocking(False)
            if kind.receive_buffer_bytes is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, kind.receive_buffer_bytes)
            connection.setsockopt(socket.IPPROTO_IP, servers.IP_BIND_ADDRESS_NO_PORT, 1)
            connection.bind((servers.source_address(index), 0))
            connection.connect_ex(("127.0.0.1", self.port))
            self.attackers[connection.fileno()] = Attacker(kind, index, connection)
            self.poller.register(connection, select.EPOLLOUT)

    def handle(self, attacker, events):
        if events & select.EPOLLOUT and not attacker.is_open:
            self.begin(attacker)
        elif attacker.kind.read_bytes is None:
            self.read(attacker, 4096)
        elif events & (select.EPOLLHUP | select.EPOLLERR | select.EPOLLRDHUP):
            self.closed(attacker)

    def begin(self, attacker):
        count = self.counts[attacker.kind.name]
        try:
            attacker.address = attacker.connection.getsockname()
            attacker.connection.send(attacker.kind.opening)
        except OSError:
            return self.forget(attacker)
        attacker.is_open = True
        count["opened"] += 1
        count["open"] += 1
        count["most"] = max(count["most"], count["open"])
        wanted = select.EPOLLIN if attacker.kind.read_bytes is None else select.EPOLLRDHUP
        self.poller.modify(attacker.connection, wanted)

    def drip(self, slot):
        for attacker in [one for one in self.attackers.values() if one.is_open and one.slot == slot]:
            with suppress(OSError):  # full, or cut: what became of the connection is told by reading
                attacker.connection.send(attacker.kind.drip)
            if attacker.kind.read_bytes:
                self.read(attacker, attacker.kind.read_bytes)

    def read(self, attacker, most_bytes):
        try:
            piece = attacker.connection.recv(most_bytes)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.closed(attacker)
        elif len(attacker.first_bytes) < 12:
            attacker.first_bytes += piece[:12]

    def look_for_unseen_closes(self):
        connected = servers.peers_connected_to(self.port)
        for attacker in list(self.attackers.values()):
            if attacker.is_open and attacker.kind.read_bytes is not None and attacker.address not in connected:
                self.closed(attacker)

    def closed(self, attacker):
        count = self.counts[attacker.kind.name]
        count["closed"] += 1
        count["open"] -= 1
        if attacker.first_bytes and attacker.kind.read_bytes is None:
            count["answers"][attacker.first_bytes[9:12].decode("latin-1")] += 1
        self.forget(attacker)

    def forget(self, attacker):
        """Closes this end; the attacker comes again."""
        del self.attackers[attacker.connection.fileno()]
        attacker.connection.close()
        self.waiting.append((attacker.kind, attacker.index))


def run_crowd(port, per_kind, seconds, sender):
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    sender.send(Crowd(port, per_kind).run(seconds))
    time.sleep(60)  # stay connected until the parent has read the server's memory, which ends this process


if __name__ == "__main__":
    servers.run_to_the_end(main)
