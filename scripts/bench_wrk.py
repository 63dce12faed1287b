"""Runs wrk and reads what it found."""

import json
import pathlib
import signal
import subprocess
import time

import bench_servers as servers
from bench_servers import Trouble

LONGER_THAN_ANY_RUN = "36000s"
REPORT_SECONDS_MAXIMUM = 10

# wrk's own report has no single form for durations and counts; this one is JSON.
LUA_REPORT = """
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        'RESULT {"requests":%d,"seconds":%f,"p50_us":%d,"p99_us":%d,' ..
        '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}\\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
"""


class Wrk:
    """One run of wrk with one thread, from its making to `finish()`; in a `with` block it never outlives the block."""

    def __init__(self, url, connections, folder, cpu=None, lua=""):
        script = pathlib.Path(folder) / "wrk.lua"
        script.write_text(lua + LUA_REPORT)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{LONGER_THAN_ANY_RUN}", "-s", str(script), url]
        self.process = subprocess.Popen(
            servers.pinned(command, cpu), stdout=subprocess.PIPE, text=True, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def finish(self):
        """Ends the run. Interrupted, wrk reports as at its end, which its own -d knows in whole seconds only."""
        self.process.send_signal(signal.SIGINT)
        output, _ = self.process.communicate(timeout=REPORT_SECONDS_MAXIMUM)
        for line in output.splitlines():
            if line.startswith("RESULT "):
                result = json.loads(line.removeprefix("RESULT "))
                result["failed"] = sum(result["errors"].values())
                return result
        raise Trouble(f"wrk failed: {output.strip()[:400]}")


def run(url, connections, folder, seconds, cpu=None, lua=""):
    with Wrk(url, connections, folder, cpu, lua) as wrk:
        time.sleep(seconds)
        return wrk.finish()
