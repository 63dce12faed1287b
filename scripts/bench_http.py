"""Measures forma3d-httpd against nginx and other servers with wrk; called by `scripts/bench http`.

Every round starts each server once, in shuffled order, and runs every workload against it. A figure is compared with
nginx's of the same round, since a shared machine is faster in one minute than in the next; what is printed is the
median of these ratios over the rounds and, in brackets, the lowest and the highest.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass

import bench_servers as servers
import bench_wrk
from bench_servers import Trouble

SERVER_CPU = 0
WRK_CPU = 1
WARM_UP_SECONDS = 0.5
POST_BYTES = 8192
PIPELINE_DEPTH = 16


@dataclass(frozen=True)
class Workload:
    connections: int
    path: str = "/"
    post_bytes: int = 0
    depth: int = 1


WORKLOADS = {
    "text-c1": Workload(1),
    "text-c64": Workload(64),
    "text-c512": Workload(512),
    "json-c64": Workload(64, path="/json"),
    "post8k-c64": Workload(64, path="/echo", post_bytes=POST_BYTES),
    "pipe16-c64": Workload(64, depth=PIPELINE_DEPTH),
}


@dataclass(frozen=True)
class Target:
    """`figure` of forma3d over that of `peer` is to be `at_most` or `at_least`."""

    workload: str
    figure: str
    peer: str
    at_most: float | None = None
    at_least: float | None = None

    def is_met(self, ratio):
        return ratio <= self.at_most if self.at_least is None else ratio >= self.at_least

    def sentence(self):
        what = FIGURES[self.figure]
        bound = f"at most {self.at_most:g}" if self.at_least is None else f"at least {self.at_least:g}"
        return f"{self.workload}: {what} {bound} x {self.peer}"


FIGURES = {
    "rate": "req/s",
    "cpu_us": "CPU us/request",
    "p50_us": "p50 us",
    "p99_us": "p99 us",
    "memory_mib": "peak RSS MiB",
}

TARGETS = (
    Target("text-c64", "cpu_us", "nginx", at_most=0.9),
    Target("text-c64", "cpu_us", "hummingbird", at_most=0.2),
    Target("text-c64", "rate", "nginx", at_least=1.0),
    Target("text-c1", "cpu_us", "nginx", at_most=1.0),
    Target("text-c512", "cpu_us", "nginx", at_most=1.0),
    Target("json-c64", "cpu_us", "nginx", at_most=1.0),
    Target("post8k-c64", "cpu_us", "nginx", at_most=1.0),
    Target("pipe16-c64", "cpu_us", "nginx", at_most=0.5),
)


@dataclass(frozen=True)
class Cell:
    """One server under one workload in one round. A percentile is None where wrk could not tell (pipelining)."""

    round: int
    server: str
    workload: str
    requests: int
    rate: float
    cpu_us: float
    p50_us: float | None
    p99_us: float | None
    memory_mib: float
    failed: int


def main():
    options = parse_options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    command = options.command
    if "forma3d" in options.servers and command is None:
        command = servers.forma3d_command()
    servers.build_peers(options.servers)
    print(f"machine: {servers.machine()}; seed {seed}; {options.rounds} x {options.seconds} s a cell", flush=True)

    cells = []
    shuffler = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="bench-http-") as folder:
        servers.open_to_workers(folder)
        for number in range(1, options.rounds + 1):
            order = shuffler.sample(options.servers, len(options.servers))
            print(f"round {number}: {', '.join(order)}", file=sys.stderr, flush=True)
            for name in order:
                cells += measure_server(number, name, command, folder, options)

    if options.json:
        write_json(options.json, seed, options, cells)
    print_tables(cells, options)
    return 1 if any(cell.failed for cell in cells if cell.server == "forma3d") else 0


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/bench http", description="Measures the bare server against its peers.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2,
                        help="per server and workload, after half a second of warm-up")
    parser.add_argument("--servers", type=choice_list(servers.SERVERS), default=list(servers.SERVERS),
                        metavar="A,B", help="of " + ", ".join(servers.SERVERS))
    parser.add_argument("--workloads", type=choice_list(WORKLOADS), default=list(WORKLOADS),
                        metavar="A,B", help="of " + ", ".join(WORKLOADS))
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every single measurement there")
    parser.add_argument("--seed", type=int, help="of the order of the servers")
    parser.add_argument("--no-pin", action="store_true",
                        help=f"do not pin the server to CPU {SERVER_CPU} and wrk to CPU {WRK_CPU}")
    parser.add_argument("--command", metavar="WORDS",
                        help="start this instead of building forma3d-httpd; {port} stands for the port")
    options = parser.parse_args()
    if options.rounds < 1 or options.seconds < 1:
        parser.error("--rounds and --seconds are at least 1")
    if not options.no_pin and (os.cpu_count() or 1) < 2:
        parser.error("one CPU is too few to pin the server and wrk apart: --no-pin")
    return options


def choice_list(known):
    def parse(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(known)}")
        return names

    return parse


# Measuring


def measure_server(number, name, command, folder, options):
    cpu = None if options.no_pin else SERVER_CPU
    with servers.running(name, command, folder, cpu) as server:
        check_answers(server)
        return [measure(number, server, workload, folder, options) for workload in options.workloads]


def check_answers(server):
    """A server that answers wrongly is quick for the wrong reason."""
    status, body = servers.fetch(server.port, "/")
    if (status, body) != (200, servers.TEXT.encode()):
        raise Trouble(f"{server.name} answers / with {status} {body[:80]!r}")
    status, body = servers.fetch(server.port, "/json")
    if status != 200 or not 150 <= len(body) <= 250 or not isinstance(parsed_json(body), dict):
        raise Trouble(f"{server.name} answers /json with {status} and {len(body)} bytes: {body[:80]!r}")
    status, body = servers.fetch(server.port, "/echo", b"x" * POST_BYTES)
    if (status, body) != (200, str(POST_BYTES).encode()):
        raise Trouble(f"{server.name} answers /echo with {status} {body[:80]!r}")


def parsed_json(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def measure(number, server, workload, folder, options):
    run_wrk(server, WORKLOADS[workload], folder, options, WARM_UP_SECONDS)
    cpu_before = server.cpu_seconds()
    result = run_wrk(server, WORKLOADS[workload], folder, options, options.seconds)
    cpu_seconds = server.cpu_seconds() - cpu_before
    server.check_alive()
    if result["requests"] == 0:
        raise Trouble(f"{server.name} answered nothing under {workload}")
    if result["failed"]:
        print(f"{server.name} {workload}: errors {result['errors']}", file=sys.stderr, flush=True)
    return Cell(
        round=number, server=server.name, workload=workload, requests=result["requests"],
        rate=result["requests"] / result["seconds"], cpu_us=cpu_seconds * 1e6 / result["requests"],
        p50_us=result["p50_us"] or None, p99_us=result["p99_us"] or None,
        memory_mib=server.memory_peak_bytes() / 2**20, failed=result["failed"])


def run_wrk(server, workload, folder, options, seconds):
    url = f"http://127.0.0.1:{server.port}{workload.path}"
    cpu = None if options.no_pin else WRK_CPU
    return bench_wrk.run(url, workload.connections, folder, seconds, cpu, lua(workload))


def lua(workload):
    """Only pipelining needs a function per request: without one wrk sends the same bytes over and over."""
    if workload.post_bytes:
        return f'wrk.method = "POST"; wrk.body = string.rep("x", {workload.post_bytes})\n'
    if workload.depth > 1:
        return f"""
            local batch
            function init() batch = string.rep(wrk.format(), {workload.depth}) end
            function request() return batch end
        """
    return ""


# Printing


def write_json(file, seed, options, cells):
    record = {
        "machine": servers.machine(), "seed": seed, "rounds": options.rounds, "seconds": options.seconds,
        "pinned": not options.no_pin, "cells": [asdict(cell) for cell in cells],
    }
    file.write_text(json.dumps(record, indent=1) + "\n")


def print_tables(cells, options):
    reference = "nginx" if "nginx" in options.servers else None
    for workload in options.workloads:
        print(f"\n{workload} (median [lowest to highest] of the rounds)\n")
        print_workload(cells, workload, options.servers, reference)
    if "forma3d" in options.servers:
        print_verdicts(cells, options)


def print_workload(cells, workload, names, reference):
    header = ["server", *FIGURES.values()]
    if reference:
        header += [f"req/s x {reference}", f"CPU x {reference}"]
    rows = []
    for name in names:
        row = [name] + [spread(values(cells, name, workload, figure), figure) for figure in FIGURES]
        if reference:
            row += [spread(ratios(cells, name, reference, workload, figure), "ratio") for figure in ("rate", "cpu_us")]
        failed = sum(values(cells, name, workload, "failed"))
        row[0] += f" ({failed} failed)" if failed else ""
        rows.append(row)
    print_table(header, rows)


def print_verdicts(cells, options):
    rows = []
    for target in TARGETS:
        found = ratios(cells, "forma3d", target.peer, target.workload, target.figure)
        if found:
            met = sum(target.is_met(ratio) for ratio in found)
            verdict = "met" if target.is_met(statistics.median(found)) else "missed"
            rows.append([target.sentence(), spread(found, "ratio"), verdict, f"{met} of {len(found)}"])
    if rows:
        print("\nTargets (the median decides)\n")
        print_table(["target", "ratio", "verdict", "rounds that met it"], rows)


def values(cells, server, workload, figure):
    found = [getattr(cell, figure) for cell in cells if (cell.server, cell.workload) == (server, workload)]
    return [value for value in found if value is not None]


def ratios(cells, server, peer, workload, figure):
    """Of each round that has both. A peer too quick for the clock of the CPU counter gives none."""
    of_round = {(cell.round, cell.server): getattr(cell, figure) for cell in cells if cell.workload == workload}
    rounds = sorted({number for number, _ in of_round})
    pairs = [(of_round.get((number, server)), of_round.get((number, peer))) for number in rounds]
    return [ours / theirs for ours, theirs in pairs if ours is not None and theirs]


def spread(found, figure):
    if not found:
        return "?"
    written = {"ratio": "{:.2f}", "cpu_us": "{:.1f}", "memory_mib": "{:.1f}"}.get(figure, "{:,.0f}").format
    low, middle, high = written(min(found)), written(statistics.median(found)), written(max(found))
    return middle if low == high else f"{middle} [{low} to {high}]"


def print_table(header, rows):
    for row in [header, ["---"] * len(header), *rows]:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    servers.run_to_the_end(main)
