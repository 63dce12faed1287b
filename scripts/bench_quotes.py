"""Measures quotes of drawer plates over HTTP, from the first byte of the request to the last of the answer, the plan as
SVG among it; called by `scripts/bench quotes`.

`forma3d serve` runs with a PostgreSQL of its own, as an operator runs it. One connection, one request after the other,
and every request is a wish that was not asked for before, so that nothing is answered from the cache. Wishes come from a
seed: drawers of customers, large ones, one thousand by six hundred on a small bed, and the largest that are taken, with
all fillers, both connectors, magnets, numbers and separate padding. All samples count, and are written to a file.

On a machine that others use as well a process waits for its turn: `--busy` takes the server's processor time instead of
the time on the clock."""

import argparse
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from bench_cluster import Cluster
from bench_servers import Trouble, free_port

KEY = "bench-operator-key"
LIMIT_MILLISECONDS = 5.0
START_SECONDS_MAXIMUM = 60
BEDS = [(250, 220), (180, 180), (256, 256), (300, 320), (220, 220), (360, 360)]
# Name, how many of a hundred, and millimetres; the bed is drawn where none is said.
KINDS = [
    ("customers, 60 to 600", 70, (60, 600), (60, 600), None),
    ("large, 600 to 1200", 20, (600, 1200), (600, 1200), None),
    ("1000 x 600 on 180", 5, (980, 1020), (580, 620), (180, 180)),
    ("largest, 1200 to 3000", 5, (1200, 3000), (1200, 3000), None),
]


def wish(numbers, width, depth, bed):
    """A wish as a configurator sends it."""
    chance = lambda percent: numbers.random() * 100 < percent  # noqa: E731
    bed = bed or numbers.choice(BEDS)
    asked = {
        "drawerWidthMillimetres": round(numbers.uniform(*width), 1),
        "drawerDepthMillimetres": round(numbers.uniform(*depth), 1),
        "bedWidthMillimetres": bed[0], "bedDepthMillimetres": bed[1],
        "clearanceMillimetres": numbers.choice([0, 0.5, 1]),
        "numbering": chance(80), "magnets": chance(50), "separatePadding": chance(15),
    }
    for axis in "XY":
        filler = numbers.choice(["none", "fraction", "dynamic"])
        asked[f"filler{axis}"] = filler
    if chance(20):
        asked["edgeConnector"] = True
    return asked


def wishes(seed, count):
    """In random order, none twice."""
    numbers = random.Random(seed)
    made = []
    for name, share, width, depth, bed in KINDS:
        made += [(name, wish(numbers, width, depth, bed)) for _ in range(max(1, count * share // 100))]
    numbers.shuffle(made)
    if len({json.dumps(asked, sort_keys=True) for _, asked in made}) != len(made):
        raise Trouble("two wishes are the same; choose another seed")
    return made


def environment(cluster, port):
    return dict(
        os.environ, DATABASE_URL=cluster.url, APP_ENV="development", APP_HOST="127.0.0.1", APP_PORT=str(port),
        INTERNAL_API_KEY=KEY, GRIDFLOCK_ENABLED="true", LOG_LEVEL="warning", DATA_DIR=str(cluster.folder / "forma3d"))


def start(binary, cluster):
    port = free_port()
    log = cluster.folder / "server.log"
    process = subprocess.Popen(
        [binary, "serve"], env=environment(cluster, port), start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=log.open("a"))
    deadline = time.monotonic() + START_SECONDS_MAXIMUM
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=1)
            return process, port
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                process.kill()
                raise Trouble(f"forma3d did not start: {log.read_text()[-800:]}") from None
            time.sleep(0.05)


def processor_milliseconds(pid):
    """What all threads of the server have had of a processor (proc(5), schedstat)."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e6


def ask(connection, body):
    headers = {"content-type": "application/json", "x-api-key": KEY}
    connection.request("POST", "/api/v1/gridflock/quotes", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def measure(connection, pid, asked, is_busy):
    samples = []
    for name, body in asked:
        text = json.dumps(body).encode()
        before = processor_milliseconds(pid) if is_busy else 0
        began = time.perf_counter()
        status, answer = ask(connection, text)
        taken = (time.perf_counter() - began) * 1e3
        spent = processor_milliseconds(pid) - before if is_busy else 0
        if status not in (200, 422):
            raise Trouble(f"{status} {answer[:300]!r} for {body}")
        if status == 200 and b"<svg" not in answer:
            raise Trouble(f"no picture for {body}")
        samples.append({
            "kind": name, "status": status, "milliseconds": round(spent if is_busy else taken, 3),
            "bytes": len(answer), "wish": body,
        })
    return samples


def share(values, part):
    """The value that `part` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * part // 1000) - 1))]


def report(samples, is_busy):
    kind = "milliseconds of the server's processor time" if is_busy else "milliseconds from byte to byte"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {kind}; every request another drawer")
    rows = [(name, [s for s in samples if s["kind"] == name]) for name, *_ in KINDS] + [("all", samples)]
    for name, own in rows:
        told = [s for s in own if s["status"] == 200]
        if not told:
            print(f"{name}: all of {len(own)} refused")
            continue
        times = [s["milliseconds"] for s in told]
        sizes = [s["bytes"] // 1024 for s in told]
        print(
            f"{name}: {len(told)} quotes, {len(own) - len(told)} refused; p50 {share(times, 500):.2f}, "
            f"p99 {share(times, 990):.2f}, most {max(times):.2f}; answers {share(sizes, 500)} to {max(sizes)} KiB")
    slowest = max((s for s in samples if s["status"] == 200), key=lambda s: s["milliseconds"])
    print(f"slowest: {json.dumps(slowest['wish'])}")
    p99 = share([s["milliseconds"] for s in samples if s["status"] == 200], 990)
    if p99 > LIMIT_MILLISECONDS:
        print(f"bench: p99 is {p99:.2f} ms, more than {LIMIT_MILLISECONDS:g}")
    return p99 <= LIMIT_MILLISECONDS


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench quotes", description=__doc__)
    parser.add_argument("--binary", required=True, help="forma3d, built for release")
    parser.add_argument("--count", type=int, default=2000, help="requests that count")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--samples", type=pathlib.Path, default=pathlib.Path(".build/bench-quotes.jsonl"),
                        help="where every sample is written, one JSON object a line")
    parser.add_argument("--busy", action="store_true", help="processor time: for a machine that is not quiet")
    options = parser.parse_args()
    with Cluster() as cluster:
        process, port = start(options.binary, cluster)
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Warm, with other wishes than those that count.
            measure(connection, process.pid, wishes(options.seed + 1, 100), False)
            samples = measure(connection, process.pid, wishes(options.seed, options.count), options.busy)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
    options.samples.parent.mkdir(parents=True, exist_ok=True)
    options.samples.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    is_right = report(samples, options.busy)
    print(f"every sample: {options.samples}")
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(f"bench: {trouble}")
