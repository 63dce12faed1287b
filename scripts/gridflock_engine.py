"""Runs the upstream generator once, in a process of its own; called by bench_gridflock.py with its Python.

PythonSCAD (GPL-2.0-or-later) is a peer to measure against, installed by the bench into a folder of its own; nothing of
it is linked or shipped. Its OpenSCAD built-ins are registered by the program, not by the Python module: hence the call
by its mangled name.
"""

import ctypes
import json
import os
import sys
import time

import _openscad

ctypes.CDLL(_openscad.__file__)._ZN8Builtins10initializeEv()

import openscad  # noqa: E402

os.chdir(sys.argv[1])
start = time.monotonic()
cpu = time.process_time()
solid = openscad.scad("include <gridflock.scad>\n" + sys.argv[2])
vertices, triangles = solid.mesh()[:2]
print(
    json.dumps({
        "milliseconds": (time.monotonic() - start) * 1e3,
        "processorMilliseconds": (time.process_time() - cpu) * 1e3,
        "triangles": len(triangles),
    }))
