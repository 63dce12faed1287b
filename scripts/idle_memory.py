"""Measures the memory of idle keep-alive connections; called by `scripts/idle-memory`.

Opens the connections one after another, sends one GET / on each, reads the answer and leaves the connection idle. What
grows in the server's resident memory is its own cost; the kernel's socket buffers are not in it.
"""

import argparse
import tempfile
import time
from contextlib import ExitStack

import bench_servers as servers
from bench_servers import Trouble

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
WARM_UP_REQUESTS = 1_000
SETTLE_SECONDS = 2
DESCRIPTORS_TO_SPARE = 500


def main():
    options = parse_options()
    servers.raise_descriptor_limit(options.connections + DESCRIPTORS_TO_SPARE)
    names = ["forma3d", *options.peer]
    command = options.command or servers.forma3d_command()
    servers.build_peers(options.peer)
    with tempfile.TemporaryDirectory(prefix="idle-memory-") as folder:
        servers.open_to_workers(folder)
        figures = {name: measure(name, command, folder, options.connections) for name in names}

    print(f"machine: {servers.machine()}; {options.connections} idle connections\n")
    print("| server | RSS before, MiB | RSS after, MiB | bytes per connection |")
    print("| --- | --- | --- | --- |")
    for name, (before, after) in figures.items():
        per_connection = (after - before) / options.connections
        print(f"| {name} | {before / 2**20:.1f} | {after / 2**20:.1f} | {per_connection:,.0f} |")
    before, after = figures["forma3d"]
    is_met = (after - before) / options.connections <= options.target
    print(f"\ntarget: at most {options.target:,} bytes per connection: {'met' if is_met else 'missed'}")
    return 0 if is_met else 1


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/idle-memory", description="Measures the memory of idle keep-alive connections.")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--target", type=int, default=4_096, metavar="BYTES", help="per connection")
    parser.add_argument("--peer", action="append", default=[], choices=servers.SERVERS[1:],
                        help="measure this one too; may be repeated")
    parser.add_argument("--command", metavar="WORDS",
                        help="start this instead of building forma3d-httpd; {port} stands for the port")
    options = parser.parse_args()
    if options.connections < 1:
        parser.error("--connections is at least 1")
    return options


def measure(name, command, folder, count):
    """Resident memory in bytes before and after."""
    with servers.running(name, command, folder) as server, ExitStack() as open_connections:
        warm_up(server.port)
        time.sleep(SETTLE_SECONDS)
        before = server.memory_bytes()
        connections = []
        for index in range(count):
            connection = open_connections.enter_context(servers.connect(server.port, index))
            get_once(connection, f"{name}, connection {index + 1}")
            connections.append(connection)
        time.sleep(SETTLE_SECONDS)
        after = server.memory_bytes()
        closed = sum(is_closed(connection) for connection in connections)
        if closed:
            raise Trouble(f"{name} closed {closed} of the {count} idle connections")
        return before, after


def warm_up(port):
    """What is allocated once, by the first requests, is no cost of a connection."""
    with servers.connect(port) as connection:
        for _ in range(WARM_UP_REQUESTS):
            get_once(connection, "warm-up")


def get_once(connection, who):
    connection.sendall(REQUEST)
    received = b""
    while not received.endswith(servers.TEXT.encode()):
        piece = connection.recv(4096)
        received += piece
        if not piece or not received.startswith(b"HTTP/1.1 200"[:len(received)]):
            raise Trouble(f"{who}: {received[:80]!r}")


def is_closed(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


if __name__ == "__main__":
    servers.run_to_the_end(main)
