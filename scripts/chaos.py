"""Lets real processes die, freeze and lose their connections, then checks every promise; called by `scripts/chaos`.

docs/03-architecture/chaos.md tells what is injected, what is checked and how to read a failure.
"""

import argparse
import pathlib
import secrets
import sys

import bench_servers as servers
import chaos_matrix
import chaos_mixed
import chaos_replicas
import chaos_restart
import chaos_webhooks

MODES = {
    "short": (chaos_mixed.run, "a bit of everything, about 90 s; the default"),
    "soak": (chaos_mixed.run, "10,000 orders in 30 minutes, a kill -9 of a server or PostgreSQL every 2 to 20 s"),
    "matrix": (chaos_matrix.run, "eleven faults × every effect × 100 jobs"),
    "webhooks": (chaos_webhooks.run, "5 %% dropped, all shuffled, each up to 8 times"),
    "restart": (chaos_restart.run, "from a kill -9 to the next start of the work, lease 30 s"),
    "replicas": (chaos_replicas.run, "throughput of 1 and 3 servers, vendors that answer after 300 ms"),
}


def main() -> int:
    options = parse_options()
    print(f"seed {options.seed}", flush=True)
    return MODES[options.mode][0](options)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description="Breaks a running system in every way and checks what it promises.")
    modes = parser.add_mutually_exclusive_group()
    for name, (_, text) in MODES.items():
        modes.add_argument(f"--{name}", action="store_const", dest="mode", const=name, help=text)
    parser.set_defaults(mode="short")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="repeats the plan of an earlier run")
    parser.add_argument("--orders", type=int, help="how many are placed (short, soak, webhooks, replicas)")
    parser.add_argument("--minutes", type=float, help="how long things go wrong (short, soak)")
    parser.add_argument("--kills", type=int, help="how many (restart)")
    parser.add_argument("--jobs", type=int, help="of each cell (matrix)")
    parser.add_argument("--rows", type=numbers, metavar="1,2,…", help="only these faults (matrix)")
    parser.add_argument("--effects", type=lambda text: text.split(","), metavar="KIND,…", help="only these (matrix)")
    parser.add_argument("--binaries", type=pathlib.Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    servers.run_to_the_end(main)
