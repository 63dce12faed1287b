"""Slices STL files with PrusaSlicer and looks for repairs; called by `scripts/gridflock-slice`."""

import argparse
import pathlib
import re
import subprocess
import sys

# What `--info` counts when a file is not closed as it is, and what the program says when it mends something.
COUNTS = re.compile(
    r"^(open_edges|degenerate_facets|edges_fixed|facets_removed|facets_added|facets_reversed|backwards_edges)"
    r"\s*=\s*(\d+)", re.M)
# Not about the file: PrusaSlicer 2.5's wall generator may say of a sound layer that its Voronoi diagram is none, and
# goes on with it turned. It is told, but no fault.
REMARK = re.compile(r"Voronoi", re.I)
WORDS = re.compile(r"repair|open edge|not manifold|non-manifold|self.intersect|warning|error|empty layer", re.I)


def say(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    return done.returncode, done.stdout + done.stderr


def faults_of(path, options, bed):
    found = []
    code, text = say([options.slicer, "--info", path])
    if code != 0 or "manifold = yes" not in text:
        found.append(f"--info does not call it manifold: {text.strip()[-300:]}")
    found += [f"{name} = {count}" for name, count in COUNTS.findall(text) if int(count) > 0]
    parts = re.search(r"number_of_parts\s*=\s*(\d+)", text)
    if parts is None or int(parts.group(1)) != 1:
        found.append(f"number of parts: {parts.group(1) if parts else 'not said'}")
    output = options.work / "sliced.gcode"
    output.unlink(missing_ok=True)
    # As large as the largest of upstream's printers; --center and no skirt, so that only the part has to fit.
    code, text = say([
        options.slicer, "--export-gcode", "--bed-shape", f"0x0,{bed}x0,{bed}x{bed},0x{bed}", "--center",
        f"{bed / 2:g},{bed / 2:g}", "--skirts", "0", "--layer-height", "0.2", "--output", output, path
    ])
    said = [line.strip() for line in text.splitlines() if WORDS.search(line)]
    for line in said:
        if REMARK.search(line):
            print(f"{path}, no fault: {line}", flush=True)
    found += [line for line in said if not REMARK.search(line)]
    if code != 0 or not output.exists():
        found.append(f"slicing ended with {code}: {text.strip()[-300:]}")
    output.unlink(missing_ok=True)
    return found


def main():
    parser = argparse.ArgumentParser(prog="scripts/gridflock-slice", description=__doc__)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--slicer", required=True)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    options = parser.parse_args()
    files = sorted(path for folder in options.folders for path in folder.rglob("*.stl"))
    if not files:
        sys.exit("gridflock-slice: there is no STL file")
    wrong = 0
    for path in files:
        faults = faults_of(path, options, 450)
        wrong += bool(faults)
        for fault in faults:
            print(f"{path}: {fault}", flush=True)
    print(f"{len(files)} files sliced: {wrong} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
