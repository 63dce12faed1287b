"""Restarts two instances in turn behind HAProxy while wrk runs, and counts failed requests; called by
`scripts/rolling-restart`.

An instance that is told to end must first say that it is not ready, serve on until HAProxy has seen it, and leave no
request unanswered. HAProxy repeats a request only when the connection to an instance could not be made, so that nothing
hides a request that was accepted and dropped.
"""

import argparse
import csv
import pathlib
import shlex
import socket
import statistics
import subprocess
import tempfile
import time

import bench_servers as servers
import bench_wrk
from bench_servers import Trouble

UP_SECONDS_MAXIMUM = 30
DRAIN_SECONDS_MAXIMUM = 60
POLL_SECONDS = 0.05

HAPROXY_CONFIGURATION = """
global
    maxconn 4000
    stats socket FOLDER/haproxy.sock mode 600 level operator

defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    option redispatch 1
    retries 3
    retry-on conn-failure
    http-reuse REUSE

frontend clients
    bind 127.0.0.1:PORT
    default_backend instances

backend instances
    balance roundrobin
    option httpchk
    http-check send meth GET uri READY ver HTTP/1.1 hdr Host localhost
    http-check expect status 200
    default-server check inter 200ms fall 1 rise 1
"""


class HAProxy:
    """HAProxy with a configuration of its own, and the socket that tells what it thinks of the instances."""

    def __init__(self, folder, instance_ports, options):
        self.port = servers.free_port()
        self.socket_path = str(pathlib.Path(folder) / "haproxy.sock")
        configuration = HAPROXY_CONFIGURATION
        for name, value in {"FOLDER": folder, "PORT": str(self.port), "READY": options.ready,
                            "REUSE": options.http_reuse}.items():
            configuration = configuration.replace(name, value)
        for name, port in instance_ports.items():
            configuration += f"    server {name} 127.0.0.1:{port}\n"
        file = pathlib.Path(folder) / "haproxy.cfg"
        file.write_text(configuration)
        self.process = subprocess.Popen(
            ["haproxy", "-db", "-q", "-f", str(file)], stdin=subprocess.DEVNULL, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def status(self, instance):
        """UP, DOWN or a stage between them; empty while HAProxy itself is starting."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(self.socket_path)
                connection.sendall(b"show stat\n")
                table = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()
        except OSError:
            return ""
        for row in csv.DictReader(table.removeprefix("# ").splitlines()):
            if row["pxname"] == "instances" and row["svname"] == instance:
                return row["status"]
        raise Trouble(f"HAProxy knows no {instance}")

    def wait_until_up(self, instance):
        deadline = time.monotonic() + UP_SECONDS_MAXIMUM
        while self.status(instance) != "UP":
            if self.process.poll() is not None:
                raise Trouble("HAProxy ended by itself")
            if time.monotonic() > deadline:
                raise Trouble(f"HAProxy does not see {instance} up")
            time.sleep(POLL_SECONDS)


def main():
    options = parse_options()
    command = options.command or servers.forma3d_command()
    ports = {"one": servers.free_port(), "two": servers.free_port()}
    instances = {}
    try:
        for name, port in ports.items():
            instances[name] = start(name, command, port, options)
        with tempfile.TemporaryDirectory(prefix="rolling-restart-") as folder:
            with HAProxy(folder, ports, options) as haproxy:
                for name in instances:
                    haproxy.wait_until_up(name)
                return restart_under_load(instances, haproxy, command, folder, options)
    finally:
        for instance in instances.values():
            instance.stop()


def parse_options():
    parser = argparse.ArgumentParser(
        prog="scripts/rolling-restart",
        description="Restarts two instances behind HAProxy under load; no request may fail.")
    parser.add_argument("--restarts", type=int, default=10, help="of each instance")
    parser.add_argument("--connections", type=int, default=32, help="of wrk to HAProxy")
    parser.add_argument("--path", default="/", help="what wrk asks for")
    parser.add_argument("--ready", default="/health/ready", metavar="PATH", help="what HAProxy's check asks for")
    parser.add_argument("--http-reuse", default="safe", choices=["never", "safe", "aggressive", "always"],
                        help="of HAProxy's connections to the instances")
    parser.add_argument("--command", metavar="WORDS",
                        help="start this instead of building forma3d-httpd, such as 'env APP_PORT={port} forma3d serve' "
                             "with its settings in the environment; {port} stands for the port")
    return parser.parse_args()


def start(name, command, port, options):
    instance = servers.start(name, [word.replace("{port}", str(port)) for word in shlex.split(command)], port)
    try:
        instance.wait_until_answering(options.ready)
    except Trouble:
        instance.stop()
        raise
    return instance


def restart_under_load(instances, haproxy, command, folder, options):
    drains = []
    url = f"http://127.0.0.1:{haproxy.port}{options.path}"
    with bench_wrk.Wrk(url, options.connections, folder) as wrk:
        time.sleep(1)
        for number in range(1, options.restarts + 1):
            for name, instance in instances.items():
                drains.append(end(instance))
                instances[name] = start(name, command, instance.port, options)
                haproxy.wait_until_up(name)
            print(f"restarted each {number} times; drained in {drains[-2]:.2f} s and {drains[-1]:.2f} s", flush=True)
        time.sleep(1)
        result = wrk.finish()
    return report(result, drains)


def end(instance):
    """SIGTERM; returns the seconds until the exit, which must be 0."""
    begin = time.monotonic()
    code = instance.stop(DRAIN_SECONDS_MAXIMUM)
    seconds = time.monotonic() - begin
    if code != 0:
        raise Trouble(f"instance {instance.name} ended with {code} after {seconds:.1f} s")
    return seconds


def report(result, drains):
    errors = ", ".join(f"{kind} {count}" for kind, count in result["errors"].items())
    print(f"\nrestarts: {len(drains)}, each drained in {statistics.median(drains):.2f} s "
          f"[{min(drains):.2f} to {max(drains):.2f}]")
    print(f"requests: {result['requests']} in {result['seconds']:.0f} s")
    print(f"failed: {result['failed']} ({errors}); target 0: {'missed' if result['failed'] else 'met'}")
    return 1 if result["failed"] else 0


if __name__ == "__main__":
    servers.run_to_the_end(main)
