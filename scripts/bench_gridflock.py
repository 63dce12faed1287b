"""Measures plan, mesh, verification and STL in memory of drawer plates on one core, warm, against the upstream
generator, interleaved; called by `scripts/bench gridflock`.

On a machine that others use as well a process waits for its turn: `--busy` compares processor time instead of the time
on the clock. Both do nothing but compute, so on a quiet machine the two are the same."""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Sources of the peer: yawkat/GridFlock and what it includes, as they were when the reference plates were measured.
UPSTREAM = "https://github.com/yawkat/GridFlock.git", "3f04abb29cf8b898663d8753cbf735fd05cb710f"
REBUILT = (
    "https://github.com/kennetek/gridfinity-rebuilt-openscad.git",
    "910e22d8607fd7f5f51ad5e5cbc5287a76810bfd",
)

# Case, what it is, limit in milliseconds, its parameters upstream (None: upstream aborts), and the milliseconds of
# processor time that upstream took where the reference was measured.
CASES = [
    ("c04", "371 x 254 plain", 25, "plate_size=[371,254];numbering=false;", 11_800),
    ("c07", "371 x 254, press-fit magnets", 150, "plate_size=[371,254];numbering=false;magnets=true;", 21_300),
    ("c35", "1000 x 600 on 180, magnets, numbers", 1_000, None, None),
]
MEMORY_LIMIT_MIB = 200
RATIO = 300


def on_one_core(core):
    return lambda: os.sched_setaffinity(0, {core})


def run(command, core, timeout=600):
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=on_one_core(core), timeout=timeout, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def checkout(source, folder):
    url, commit = source
    if (folder / ".commit").exists() and (folder / ".commit").read_text() == commit:
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    subprocess.run(["git", "-C", folder, "fetch", "--quiet", "--depth", "1", url, commit], check=True)
    subprocess.run(["git", "-C", folder, "checkout", "--quiet", "--force", "FETCH_HEAD"], check=True)
    (folder / ".commit").write_text(commit)


def install_peer(folder, sources):
    """The engine and the generator's sources; `sources` is a copy of them that is there already."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-cache-dir", "pythonscad==1.1.2", "svgelements"], check=True)
    if sources is None:
        sources = folder / "upstream"
        checkout(UPSTREAM, sources)
        checkout(REBUILT, sources / "gridfinity-rebuilt-openscad")
    paths = sources / "paths"
    if not (paths / "puzzle.scad").exists():
        paths.mkdir(exist_ok=True)
        subprocess.run(
            [python, "extract_paths.py", "puzzle.svg", "paths/puzzle.scad"], cwd=sources, check=True,
            stdout=subprocess.DEVNULL)
    return python, sources


def measure(options, peer):
    rows = []
    for name, text, limit, parameters, reference in CASES:
        ours, theirs, peaks, triangles = [], [], [], 0
        for _ in range(options.runs):
            result = run([options.program, "speed", name, str(options.rounds)], options.core)
            ours.append(statistics.median(result[options.measure]))
            peaks.append(result["peakKibibytes"] / 1024)
            triangles = result["triangles"]
            if peer and parameters:
                python, sources = peer
                engine = [python, "-B", ROOT / "scripts" / "gridflock_engine.py", sources.resolve(), parameters]
                theirs.append(run(engine, options.core)[options.measure])
        rows.append((name, text, limit, parameters, reference, ours, theirs, max(peaks), triangles))
    return rows


def report(rows, measure):
    wrong = []
    kind = "milliseconds" if measure == "milliseconds" else "milliseconds of processor time"
    print(f"{os.cpu_count()} cores, one used, load {os.getloadavg()[0]:.1f}; median of the runs' medians in {kind}")
    for name, text, limit, parameters, reference, ours, theirs, peak, triangles in rows:
        middle = statistics.median(ours)
        line = f"{name} {text}: {middle:.1f} ({min(ours):.1f} to {max(ours):.1f}), {triangles} triangles, "
        line += f"{peak:.0f} MiB"
        if theirs:
            ratio = statistics.median(theirs) / middle
            line += f"; upstream {statistics.median(theirs):.0f} ({min(theirs):.0f} to {max(theirs):.0f}): {ratio:.0f} x"
        elif parameters is None:
            ratio = None
            line += "; upstream aborts"
        else:
            ratio = reference / middle
            line += f"; upstream {reference} by the reference, not in this run: {ratio:.0f} x"
        print(line)
        if middle > limit:
            wrong.append(f"{name} takes {middle:.1f} ms, more than {limit}")
        if peak > MEMORY_LIMIT_MIB:
            wrong.append(f"{name} needs {peak:.0f} MiB, more than {MEMORY_LIMIT_MIB}")
        if ratio is not None and ratio < RATIO:
            wrong.append(f"{name} is {ratio:.0f} times as fast as upstream, less than {RATIO}")
    for reason in wrong:
        print(f"bench: {reason}")
    return not wrong


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench gridflock", description=__doc__)
    parser.add_argument("--program", required=True, help="gridflock-workbench, built for release")
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs of ours and the peer")
    parser.add_argument("--rounds", type=int, default=7, help="within each run of ours, after two to warm up")
    parser.add_argument("--core", type=int, default=os.cpu_count() - 1, help="the core that both run on")
    parser.add_argument("--peer", type=pathlib.Path, default=ROOT / ".build" / "gridflock-peer",
                        help="where the peer is installed")
    parser.add_argument("--upstream", type=pathlib.Path, help="a copy of the generator's sources, with its submodule")
    parser.add_argument("--without-peer", action="store_true", help="compare with the reference figures instead")
    parser.add_argument("--busy", dest="measure", action="store_const", const="processorMilliseconds",
                        default="milliseconds", help="compare processor time: for a machine that is not quiet")
    options = parser.parse_args()
    peer = None
    if not options.without_peer:
        try:
            peer = install_peer(options.peer, options.upstream)
        except (subprocess.CalledProcessError, OSError) as error:
            print(f"bench: no peer here ({error}); its figures are the reference's")
    rows = measure(options, peer)
    sys.exit(0 if report(rows, options.measure) else 1)


if __name__ == "__main__":
    main()
