"""Lets real processes die, freeze and lose their connections, then checks every promise; called by `scripts/chaos`.

docs/03-architecture/chaos.md tells what is injected, what is checked and how to read a failure.
"""

import argparse
import pathlib
import secrets
import sys

import bench_servers as servers
import chaos_mixed

ROOT = servers.ROOT


def main() -> int:
    options = parse_options()
    print(f"seed {options.seed}", flush=True)
    return chaos_mixed.run(options)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description="Breaks a running system in every way and checks what it promises.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--short", action="store_const", dest="mode", const="short", help="a bit of everything, 90 s")
    parser.set_defaults(mode="short")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="repeats the plan of an earlier run")
    parser.add_argument("--orders", type=int, help="how many are placed")
    parser.add_argument("--minutes", type=float, help="how long things go wrong")
    parser.add_argument("--binaries", type=pathlib.Path, required=True, help="where forma3d and forma3d-sandbox are")
    return parser.parse_args()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    servers.run_to_the_end(main)
