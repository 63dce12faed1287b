"""Starts the servers that are measured and attacked, reads their CPU and memory, and ends them by pid."""

import functools
import http.client
import os
import pathlib
import resource
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress

ROOT = pathlib.Path(__file__).resolve().parent.parent
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
START_SECONDS_MAXIMUM = 15
STOP_SECONDS_MAXIMUM = 15
TCP_ESTABLISHED = "01"  # of net/tcp_states.h, as /proc/net/tcp writes it
IP_BIND_ADDRESS_NO_PORT = 24  # of linux/in.h; Python 3.11 has no name for it

TEXT = "Hello, World!"
# As in Benchmarks/Sources/Answers: 197 bytes, the size of a small API answer.
JSON = (
    '{"id":"0190f5c2-7a3e-7c11-9b0e-5d3f2a1c4e88","name":"Desk organiser, 3 parts","state":"printing",'
    '"parts":[{"sku":"F3D-1042-A","count":2},{"sku":"F3D-1042-B","count":1}],"paid":true,"total":"34.90"}'
)

# One worker, since every server gets one CPU; nothing is logged and no connection is cut short. `return` discards the
# body of a POST, which flatters nginx a little: the others read it.
NGINX_CONFIGURATION = """
worker_processes 1;
worker_rlimit_nofile 65536;
pid nginx.pid;
error_log /dev/null crit;
events { worker_connections 16384; }
http {
    access_log off;
    server_tokens off;
    tcp_nodelay on;
    keepalive_requests 1000000;
    keepalive_timeout 300s;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:PORT backlog=1024;
        default_type text/plain;
        location = / { return 200 "TEXT"; }
        location = /json { default_type application/json; return 200 'JSON'; }
        location = /echo { return 200 "$content_length"; }
        location /health/ { return 200 "ok"; }
    }
}
"""

SERVERS = ("forma3d", "nginx", "nio", "hummingbird", "flyingfox")
PEER_PRODUCTS = {"nio": "peer-nio", "hummingbird": "peer-hummingbird", "flyingfox": "peer-flyingfox"}


class Trouble(Exception):
    """Something that makes a measurement worthless; its text is for the reader."""


class Server:
    """One running server: its process and its children are measured as one."""

    def __init__(self, name, port, process):
        self.name = name
        self.port = port
        self.process = process

    @property
    def pid(self):
        return self.process.pid

    def pids(self):
        return [self.pid, *children(self.pid)]

    def cpu_seconds(self):
        return sum(cpu_seconds(pid) for pid in self.pids())

    def memory_bytes(self):
        return sum(status_bytes(pid, "VmRSS") for pid in self.pids())

    def memory_peak_bytes(self):
        return sum(status_bytes(pid, "VmHWM") for pid in self.pids())

    def check_alive(self):
        if self.process.poll() is not None:
            raise Trouble(f"{self.name} ended by itself with {self.process.returncode}")

    def wait_until_answering(self, path="/"):
        deadline = time.monotonic() + START_SECONDS_MAXIMUM
        while True:
            self.check_alive()
            with suppress(OSError, http.client.HTTPException):
                if fetch(self.port, path)[0] == 200:
                    return
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} does not answer {path} on port {self.port}")
            time.sleep(0.02)

    def stop(self, seconds=STOP_SECONDS_MAXIMUM):
        """SIGTERM, and after that many seconds SIGKILL; returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


@contextmanager
def running(name, command, folder, cpu=None):
    """The server `name` for the length of a `with` block, on a port of its own and, if asked, on one CPU."""
    port = free_port()
    server = start(name, command_of(command, name, port, folder), port, cpu)
    try:
        server.wait_until_answering()
        yield server
    finally:
        server.stop()


def start(name, command, port, cpu=None):
    # A session of its own: Ctrl-C then reaches this program only, which ends the servers in its own order.
    process = subprocess.Popen(
        pinned(command, cpu), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    return Server(name, port, process)


def pinned(command, cpu):
    return command if cpu is None else ["taskset", "-c", str(cpu), *command]


def command_of(command, name, port, folder):
    """The words that start server `name`; `command` is forma3d's own, with `{port}` for the port."""
    if name == "nginx":
        return nginx_command(port, folder)
    if name in PEER_PRODUCTS:
        return [str(bin_path(ROOT / "Benchmarks") / PEER_PRODUCTS[name]), "--port", str(port)]
    return [word.replace("{port}", str(port)) for word in shlex.split(command)]


def nginx_command(port, folder):
    home = pathlib.Path(tempfile.mkdtemp(prefix="nginx-", dir=folder))
    configuration = NGINX_CONFIGURATION.replace("PORT", str(port)).replace("TEXT", TEXT).replace("JSON", JSON)
    (home / "nginx.conf").write_text(configuration)
    return ["nginx", "-p", str(home), "-e", "/dev/null", "-c", str(home / "nginx.conf"), "-g", "daemon off;"]


def open_to_workers(folder):
    """nginx's worker is another user when we are root, and temporary folders are closed to others."""
    os.chmod(folder, 0o755)


def forma3d_command():
    """Builds `forma3d-httpd` for release and returns the command that starts it."""
    build(ROOT, "forma3d-httpd", ["--explicit-target-dependency-import-check", "error"])
    return shlex.join([str(bin_path(ROOT) / "forma3d-httpd"), "--port", "{port}"])


def build_peers(names):
    for name in names:
        if name in PEER_PRODUCTS:
            build(ROOT / "Benchmarks", PEER_PRODUCTS[name], [])


def build(package, product, flags):
    command = ["swift", "build", "--package-path", str(package), "-c", "release", "--product", product, *flags]
    print(f"building {product} (the first time takes minutes)", file=sys.stderr, flush=True)
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        raise Trouble(f"{product} does not build: {shlex.join(command)}")


@functools.cache
def bin_path(package):
    command = ["swift", "build", "--package-path", str(package), "-c", "release", "--show-bin-path"]
    return pathlib.Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(port, path, body=None):
    """One request on a connection of its own: status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET" if body is None else "POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def raise_descriptor_limit(wanted):
    """For this process and every server it starts: two per connection where both ends are on this machine."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    with suppress(ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard < wanted:
        raise Trouble(f"{wanted} descriptors are needed, the system allows {hard} (ulimit -Hn)")


def source_address(index):
    """Many addresses, since one has only some 28,000 ports towards a server."""
    return f"127.0.0.{1 + index // 5_000 % 250}"


def connect(port, index=0, receive_bytes=None):
    """A blocking connection from `source_address(index)`; a small `receive_bytes` makes its window small."""
    connection = socket.socket()
    try:
        if receive_bytes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((source_address(index), 0))
        connection.settimeout(5)
        connection.connect(("127.0.0.1", port))
    except OSError:
        connection.close()
        raise
    return connection


def peers_connected_to(port):
    """(address, port) of every client the server at `port` still holds a connection with, as the kernel sees it: a
    client that does not read learns of a close only when it has read everything that was sent before.
    """
    found = set()
    with open("/proc/net/tcp", encoding="ascii") as table:
        next(table)
        for line in table:
            _, local, remote, state = line.split(maxsplit=4)[:4]
            if state == TCP_ESTABLISHED and int(local[9:], 16) == port:
                found.add((socket.inet_ntoa(bytes.fromhex(remote[:8])[::-1]), int(remote[9:], 16)))
    return found


def stat_fields(pid):
    # The name in parentheses may itself hold spaces and parentheses, so the fields are counted from the last one.
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2:].split()


def cpu_seconds(pid):
    fields = stat_fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                if int(stat_fields(entry)[1]) == pid:
                    found.append(int(entry))
    return found


def status_bytes(pid, field):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise Trouble(f"/proc/{pid}/status has no {field}")


def machine():
    cpu = "unknown CPU"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} x {cpu}, {memory_gib:.0f} GiB, Linux {os.uname().release}, load {os.getloadavg()[0]:.1f}"


def run_to_the_end(main):
    """Runs `main`, which returns the exit code; every `finally` and `with` of it is left on SIGTERM and Ctrl-C too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {trouble}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
