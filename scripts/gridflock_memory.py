"""Measures how much memory a server takes to make a plate's files and to give them out; called by
`scripts/gridflock-memory`. The figure is the process's peak of resident memory (VmHWM), its database is another process.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

KEY = "an-operator-key-for-measurements"
PATIENCE_SECONDS = 300


def main():
    options = parse_options()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gridflock-memory-"))
    # The private database's own user has to walk through it when this runs as root.
    folder.chmod(0o711)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"PATH": os.environ["PATH"], "APP_ENV": "development", "APP_PORT": str(port), "DATABASE_URL": "private",
                "DATA_DIR": str(folder / "data"), "INTERNAL_API_KEY": KEY, "GRIDFLOCK_ENABLED": "true"}
    with open(folder / "server.log", "wb") as log:
        server = subprocess.Popen([options.forma3d, "serve"], env=settings, stdout=log, stderr=log)
    try:
        return measure(Server(server, f"http://127.0.0.1:{port}"), json.loads(options.wish), options.target)
    except Trouble as trouble:
        print(f"gridflock-memory: {trouble}; see {folder}/server.log", file=sys.stderr)
        return 1
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def parse_options():
    parser = argparse.ArgumentParser(prog="scripts/gridflock-memory", description=__doc__)
    parser.add_argument("--forma3d", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--wish", metavar="JSON", help="as POST /designs takes it", default=json.dumps(
        {"drawerWidthMillimetres": 1000, "drawerDepthMillimetres": 600, "bedWidthMillimetres": 180,
         "bedDepthMillimetres": 180, "magnets": True, "magnetStyle": "press-fit"}))
    parser.add_argument("--target", type=int, default=200, metavar="MEBIBYTES", help="for the making")
    return parser.parse_args()


class Trouble(Exception):
    pass


class Server:
    def __init__(self, process, base):
        self.process, self.base = process, base

    def send(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method, headers={"X-API-Key": KEY})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def json(self, method, path, body=None):
        try:
            return json.loads(self.send(method, path, body))
        except urllib.error.HTTPError as error:
            raise Trouble(f"{method} {path}: {error.code} {error.read().decode()[:300]}") from error

    def until(self, what, condition):
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Trouble(f"the server ended with {self.process.returncode}")
            try:
                if condition():
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise Trouble(f"{what} did not happen in {PATIENCE_SECONDS} s")

    def memory(self, field):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
        raise Trouble(f"the kernel tells no {field}")

    def forget_peak(self):
        """proc(5): 5 sets the peak to what is resident now."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


def measure(server, wish, target):
    server.until("readiness", lambda: server.send("GET", "/health/ready"))
    # What is allocated once, by the first requests, is no cost of a plate.
    server.json("POST", "/api/v1/gridflock/quotes", wish)
    resting = server.memory("VmRSS")
    server.forget_peak()
    path = "/api/v1/gridflock/designs/" + server.json("POST", "/api/v1/gridflock/designs", wish)["id"]

    def is_made():
        design = server.json("GET", path)
        if design["state"] == "failed":
            raise Trouble(design["attention"]["reason"])
        return design["state"] == "ready"

    server.until("the design", is_made)
    making = server.memory("VmHWM")
    design = server.json("GET", path)
    server.forget_peak()
    files = design["files"]
    for file in files:
        if len(server.send("GET", file["url"])) != file["sizeBytes"]:
            raise Trouble(f"{file['name']} has not the size that was told")
    fetching = server.memory("VmHWM")
    size = sum(file["sizeBytes"] for file in files) / 2**20
    largest = max(file["sizeBytes"] for file in files) / 2**20
    print(f"{len(files)} files of {size:.1f} MiB, the largest {largest:.1f} MiB, made in "
          f"{design['generationMilliseconds']} ms")
    print(f"at rest {resting:.0f} MiB, peak while making {making:.0f} MiB, peak while fetching {fetching:.0f} MiB")
    print(f"target: at most {target} MiB while making: {'met' if making <= target else 'missed'}")
    return 0 if making <= target else 1


if __name__ == "__main__":
    sys.exit(main())
