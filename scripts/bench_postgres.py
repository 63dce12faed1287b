"""Runs Benchmarks/Postgres on a PostgreSQL of its own; called by `scripts/bench postgres`."""

import argparse
import subprocess
import sys

from bench_cluster import Cluster
from bench_servers import Trouble


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench postgres", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1, help="of each cell of the table, three times")
    parser.add_argument("--binary", required=True, help="postgres-bench, built for release")
    options = parser.parse_args()
    with Cluster() as cluster:
        if subprocess.run([options.binary, cluster.url, str(options.seconds)]).returncode != 0:
            raise Trouble("postgres-bench failed")


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"bench: {trouble}")
