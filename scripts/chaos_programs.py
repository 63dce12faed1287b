"""The programs under test as the chaos runner starts them: servers that can be killed and frozen, and the sandbox."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import time
from contextlib import suppress
from typing import Any

import bench_servers as servers
from bench_servers import Trouble

READY_SECONDS_MAXIMUM = 60
STOP_SECONDS_MAXIMUM = 30
CALL_SECONDS_MAXIMUM = 60
POLL_SECONDS = 0.05
OPERATOR_KEY = "an-operator-key-for-the-chaos-runner"
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "TMPDIR")


class CallFailed(Exception):
    """An answer that is not 2xx; `status` is its code."""

    def __init__(self, what: str, status: int, body: bytes) -> None:
        super().__init__(f"{what}: {status} {body[:300].decode(errors='replace')}")
        self.status = status


class Program:
    """One program of ours with a log of its own, to which each start appends."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], folder: pathlib.Path) -> None:
        self.name = name
        self.environment = environment
        self.log = folder / f"{name}.log"
        self._command = command
        self._extra: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Of a program that ended though nobody here stopped it."""
        return self._process.poll() if self._process else None

    def start(self, **extra: str) -> None:
        """With these settings on top, this time only."""
        self._extra = extra
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=environment | self.environment | extra)

    def start_again(self, without: str = "") -> None:
        """As the last time, but for one setting."""
        self.start(**{name: value for name, value in self._extra.items() if name != without})

    def signal(self, number: int) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """SIGTERM, after some time SIGKILL. A frozen one is woken first."""
        if not self._process:
            return
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        try:
            self._process.wait(STOP_SECONDS_MAXIMUM)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self._process.wait()
        self._process = None


class Server(Program):
    """One `forma3d serve`."""

    def __init__(self, name: str, binaries: pathlib.Path, environment: dict[str, str], folder: pathlib.Path,
                 roles: str | None = None) -> None:
        self.port = servers.free_port()
        self.takes_requests = roles is None or "web" in roles
        command = [str(binaries / "forma3d"), "serve", *(["--roles", roles] if roles else [])]
        super().__init__(name, command, environment | {"APP_PORT": str(self.port)}, folder)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAXIMUM
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if servers.fetch(self.port, "/health/ready")[0] == 200:
                    return
            if not self.is_running:
                break
            time.sleep(POLL_SECONDS)
        raise Trouble(f"{self.name} does not become ready; its log is {self.log}")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return call(self.port, method, path, body)


class Sandbox(Program):
    """The stand-ins of the vendors."""

    def __init__(self, binaries: pathlib.Path, options: list[str], folder: pathlib.Path) -> None:
        self.port = servers.free_port()
        program = binaries / "forma3d-sandbox"
        self._words = [str(program), "--port", str(self.port), *options]
        if b"--mail-port" in subprocess.run([program, "--help"], capture_output=True).stdout:
            self._words += ["--mail-port", str(servers.free_port())]
        super().__init__("sandbox", self._words, {}, folder)

    def settings(self) -> dict[str, str]:
        """What a server needs to use it."""
        answer = subprocess.run([*self._words, "--env"], capture_output=True, text=True, check=True)
        return dict(line.split("=", 1) for line in answer.stdout.splitlines() if "=" in line)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS_MAXIMUM
        while time.monotonic() < deadline:
            with suppress(OSError, http.client.HTTPException):
                if servers.fetch(self.port, "/__control/health")[0] == 200:
                    return
            time.sleep(POLL_SECONDS)
        raise Trouble(f"the sandbox does not answer; its log is {self.log}")

    def control(self, path: str, body: Any) -> Any:
        return call(self.port, "POST", f"/__control/{path}", body)

    def look(self, path: str) -> Any:
        return call(self.port, "GET", f"/__control/{path}")


def call(port: int, method: str, path: str, body: Any = None) -> Any:
    """One JSON call on a connection of its own. - Raises: OSError, CallFailed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CALL_SECONDS_MAXIMUM)
    try:
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        content = body if body is None or isinstance(body, bytes) else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": kind, "X-API-Key": OPERATOR_KEY})
        answer = connection.getresponse()
        received = answer.read()
    except http.client.HTTPException as error:
        raise OSError(f"{method} {path}: {error!r}") from error
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise CallFailed(f"{method} {path}", answer.status, received)
    return json.loads(received) if received else None
