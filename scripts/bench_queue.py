"""Measures the durable queue on a PostgreSQL of its own; called by `scripts/bench queue`.

Drains are interleaved: every round runs each of them once, in shuffled order, against a queue filled anew. What is
printed is the median over the rounds and, in brackets, the lowest and the highest.
"""

import argparse
import os
import pathlib
import pwd
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from bench_queue_floor import floor

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / "Benchmarks" / "Queue"
PEER_PACKAGES = ["pgqueuer==1.6.0", "asyncpg", "uvloop", "procrastinate==3.10.0", "psycopg[binary,pool]"]
START_SECONDS_MAXIMUM = 20
RESTART_LEASE_SECONDS = 30


class Trouble(Exception):
    pass


class Cluster:
    """A PostgreSQL with its defaults, durable, in a folder of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        candidates = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.programs = candidates[-1] if candidates else pathlib.Path(shutil.which("initdb") or "/").parent
        self.account = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        if self.account:
            os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
            self.folder.chmod(0o755)

    def __enter__(self):
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "bench", "--locale=C", "-E", "UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=60"
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        user = {"user": self.account.pw_uid, "group": self.account.pw_gid} if self.account else {}
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env={"PATH": "/usr/bin:/bin"}, **user)
        if done.returncode:
            raise Trouble(f"{program}: {done.stderr or done.stdout}")
        return done.stdout

    def url(self, database):
        return f"postgresql://bench@/{database}?host={self.folder}"

    def sql(self, database, text):
        return self.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", text).strip()


def seconds_of(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"{command[0]}: {done.stderr[:6000]}")
    return float(done.stdout.strip().splitlines()[-1])


def fill(cluster, jobs):
    cluster.sql("forma3d", "TRUNCATE jobs.job, jobs.attempt CASCADE")
    cluster.sql(
        "forma3d",
        "INSERT INTO jobs.job (kind, payload, correlation_id) SELECT 'bench.job',"
        " '{\"order\": \"0190c2a4-7b1e-7c39-9c55-0f4d2c1b8a77\", \"part\": 17}', gen_random_uuid()::text"
        f" FROM generate_series(1, {jobs})",
    )
    cluster.run("psql", "-Xq", "-d", cluster.url("forma3d"), "-c", "VACUUM ANALYZE jobs.job", "-c", "CHECKPOINT")


def spread(values):
    return f"{statistics.median(values):.0f} ({min(values):.0f}-{max(values):.0f})"


# Drains


def drains(cluster, options, program, loop, statements, python):
    results = {}

    def note(name, jobs, seconds):
        results.setdefault(name, []).append(jobs / seconds)

    def forma3d(batch, hands):
        jobs = options.jobs if batch == 100 else max(batch * 200, 400)
        fill(cluster, jobs)
        command = [program, "queue", "drain", "--database", cluster.url("forma3d")]
        name = f"forma3d, batch {batch}" + ("" if hands == batch else f", {hands} hands")
        note(name, jobs, seconds_of([*command, "--jobs", jobs, "--batch", batch, "--hands", hands]))

    def plain(batch):
        jobs = options.jobs if batch == 100 else max(batch * 200, 400)
        fill(cluster, jobs)
        note(f"C loop, batch {batch}", jobs, seconds_of([loop, cluster.url("forma3d"), statements, batch]))

    def pgqueuer(batch):
        jobs = max(1000, options.jobs // 2)
        command = [python, "-B", PEERS / "pgqueuer_drain.py", cluster.url("pgqueuer"), jobs, batch]
        note(f"pgqueuer 1.6, batch {batch}", jobs, seconds_of(command))

    def procrastinate(concurrency):
        command = [python, "-B", PEERS / "procrastinate_drain.py", cluster.url("procrastinate"), 300, concurrency]
        note(f"procrastinate 3.10, concurrency {concurrency}", 300, seconds_of(command))

    works = [lambda b=b: forma3d(b, b) for b in (1, 10, 100)] + [lambda: forma3d(100, 300)]
    works += [lambda b=b: plain(b) for b in (1, 10, 100)]
    if python:
        works += [lambda: pgqueuer(10), lambda: pgqueuer(100), lambda: procrastinate(1), lambda: procrastinate(10)]
    for _ in range(options.rounds):
        random.shuffle(works)
        for work in works:
            work()
    print("\n| drain, durable | jobs/s |\n|---|---|")
    for name in sorted(results):
        print(f"| {name} | {spread(results[name])} |")
    best = statistics.median(results["forma3d, batch 100"])
    both = statistics.median(results["forma3d, batch 100, 300 hands"])
    print("\n| batch 100 against | hands 100 | hands 300 | target |\n|---|---|---|---|")
    targets = [("C loop, batch 100", 0.9)]
    if python:
        targets += [
            ("pgqueuer 1.6, batch 100", 2),
            (max((n for n in results if n.startswith("procr")), key=lambda n: statistics.median(results[n])), 20),
        ]
    for name, target in targets:
        other = statistics.median(results[name])
        print(f"| {name} | {best / other:.2f} | {both / other:.2f} | {target} |")


# From enqueue to start


class Reader(threading.Thread):
    """The lines of a process."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.lines = process, []
        self.start()

    def run(self):
        for line in self.process.stdout:
            self.lines.append(line.split())


def start(command):
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    return process, Reader(process)


def latency(cluster, options, program, statements):
    print("\n| enqueue to start | p50 ms | p99 ms | one commit p50 ms | target p50 |\n|---|---|---|---|---|")
    for commit in ("off", "on"):
        cluster.sql("postgres", f"ALTER DATABASE forma3d SET synchronous_commit = {commit}")
        for where in ("same process", "second process"):
            cluster.sql("forma3d", "TRUNCATE jobs.job, jobs.attempt CASCADE")
            database = ["--database", cluster.url("forma3d")]
            worker = start([program, "queue", "work", *database]) if where == "second process" else None
            time.sleep(1 if worker else 0)
            own = [] if worker else ["--works"]
            enqueue = [program, "queue", "enqueue", *database, "--jobs", options.samples, "--pause", 20, *own]
            process, reader = start(enqueue)
            process.wait()
            reader.join()
            if worker:
                worker[0].send_signal(signal.SIGKILL)
                worker[0].wait()
                worker[1].join()
            source = worker[1] if worker else reader
            starts = sorted((int(l[3]) - int(l[4])) / 1000 for l in source.lines if l[0] == "start")
            commits = sorted(int(l[1]) / 1000 for l in reader.lines if l[0] == "commit")
            if not starts:
                raise Trouble(f"nothing started in the {where}")
            own_commit = statistics.median(commits)
            target = "1" if commit == "off" else f"{2 * own_commit + 1:.1f}"
            p99 = starts[min(len(starts) - 1, int(len(starts) * 0.99))]
            print(f"| {where}, sync {commit} | {statistics.median(starts):.2f} | {p99:.2f} | {own_commit:.2f} | {target} |")
        cluster.sql("forma3d", "TRUNCATE jobs.job, jobs.attempt CASCADE")
        enqueue, claim = floor(cluster, statements, options.samples)
        print(f"| pgbench, one connection, sync {commit} (mean) | {enqueue + claim:.2f} | | {enqueue:.2f} | |")
    cluster.sql("postgres", "ALTER DATABASE forma3d RESET synchronous_commit")


# After a kill


def restarts(cluster, options, program):
    """Kills a worker with jobs in hand; how long until another starts each of them again."""
    waits = []
    database = ["--database", cluster.url("forma3d")]
    for _ in range(options.kills):
        fill(cluster, 8)
        work = [program, "queue", "work", *database, "--takes", 600_000, "--lease-seconds", RESTART_LEASE_SECONDS]
        victim, first = start(work)
        deadline = time.monotonic() + START_SECONDS_MAXIMUM
        while sum(line[0] == "start" for line in first.lines) < 8 and time.monotonic() < deadline:
            time.sleep(0.02)
        # Somewhere between two heartbeats.
        time.sleep(random.uniform(0, RESTART_LEASE_SECONDS / 3))
        victim.kill()
        killed = time.monotonic() * 1e6
        victim.wait()
        heir, second = start(work)
        deadline = time.monotonic() + 2 * RESTART_LEASE_SECONDS
        while sum(line[0] == "start" for line in second.lines) < 8 and time.monotonic() < deadline:
            time.sleep(0.05)
        heir.kill()
        heir.wait()
        waits += [(int(line[3]) - killed) / 1e6 for line in second.lines if line[0] == "start"]
    waits.sort()
    if len(waits) < 8 * options.kills:
        raise Trouble(f"only {len(waits)} of {8 * options.kills} jobs started again")
    print("\n| restart after kill -9, lease 30 s | p50 s | p99 s | target |\n|---|---|---|---|")
    print(f"| {options.kills} kills, {len(waits)} jobs | {statistics.median(waits):.1f} | {waits[int(len(waits) * 0.99)]:.1f} | 35 |")


# Schedules


def ticks(cluster, options, program):
    """Five processes, one killed every 150 ms and started again: each tick once."""
    cluster.sql("forma3d", "TRUNCATE jobs.job, jobs.attempt, jobs.schedule CASCADE")
    cluster.sql("forma3d", "CREATE TABLE IF NOT EXISTS public.fired (at timestamptz)")
    cluster.sql("forma3d", "TRUNCATE public.fired")
    cluster.sql(
        "forma3d",
        "CREATE OR REPLACE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.name = 'bench.tick' AND NEW.next_at IS DISTINCT FROM OLD.next_at THEN"
        " INSERT INTO public.fired VALUES (OLD.next_at); END IF; RETURN NEW; END $$;"
        " DROP TRIGGER IF EXISTS note ON jobs.schedule;"
        " CREATE TRIGGER note AFTER UPDATE ON jobs.schedule FOR EACH ROW EXECUTE FUNCTION public.note()",
    )
    command = [program, "queue", "tick", "--database", cluster.url("forma3d")]
    processes = [start(command)[0] for _ in range(5)]
    end = time.monotonic() + options.tick_seconds
    kills = 0
    while time.monotonic() < end:
        time.sleep(0.15)
        place = random.randrange(5)
        processes[place].kill()
        processes[place].wait()
        processes[place] = start(command)[0]
        kills += 1
    for process in processes:
        process.kill()
        process.wait()
    fired, distinct = map(int, cluster.sql("forma3d", "SELECT count(*), count(DISTINCT at) FROM public.fired").split("|"))
    print("\n| schedules, 5 processes | kills | ticks fired | distinct |\n|---|---|---|---|")
    print(f"| every 50 ms | {kills} | {fired} | {distinct} |")
    if fired != distinct or fired == 0:
        raise Trouble("a tick fired twice, or none did")


def peers_python(options):
    if options.no_peers:
        return None
    folder = pathlib.Path(options.venv)
    python = folder / "bin" / "python3"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    marker = folder / "installed"
    if not marker.exists():
        subprocess.run([python, "-m", "pip", "install", "-q", *PEER_PACKAGES], check=True)
        marker.write_text("\n".join(PEER_PACKAGES))
    return python


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench queue", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=20_000, help="of one drain at batch 100")
    parser.add_argument("--samples", type=int, default=300, help="of each latency")
    parser.add_argument("--kills", type=int, default=4)
    parser.add_argument("--tick-seconds", type=float, default=12)
    parser.add_argument("--no-peers", action="store_true", help="leave pgqueuer and procrastinate out")
    parser.add_argument("--only", choices=["drain", "latency", "restart", "ticks"], help="one part")
    parser.add_argument("--venv", default=str(ROOT / ".build" / "queue-peers"), help="where the peers are installed")
    options = parser.parse_args()
    program = pathlib.Path(options.program)
    python = peers_python(options) if options.only in (None, "drain") else None
    with tempfile.TemporaryDirectory(prefix="forma3d-bench-") as folder:
        loop = pathlib.Path(folder) / "drain"
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libpq"], capture_output=True, text=True, check=True)
        subprocess.run(["cc", "-O2", "-Wall", "-o", loop, PEERS / "drain.c", *flags.stdout.split()], check=True)
        with Cluster(folder) as cluster:
            for database in ("forma3d", "pgqueuer", "procrastinate"):
                cluster.sql("postgres", f"CREATE DATABASE {database}")
            subprocess.run([program, "queue", "migrate", "--database", cluster.url("forma3d")], check=True)
            statements = pathlib.Path(folder) / "statements"
            statements.mkdir()
            subprocess.run([program, "queue", "statements", "--folder", statements], check=True)
            parts = {
                "drain": lambda: drains(cluster, options, program, loop, statements, python),
                "latency": lambda: latency(cluster, options, program, statements),
                "ticks": lambda: ticks(cluster, options, program),
                "restart": lambda: restarts(cluster, options, program),
            }
            for name, part in parts.items():
                if options.only in (None, name):
                    part()


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        print(f"bench queue: {trouble}", file=sys.stderr)
        sys.exit(1)
