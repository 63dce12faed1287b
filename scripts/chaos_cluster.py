"""A PostgreSQL cluster of the chaos runner's own, that can be stopped in every way."""

import os
import pathlib
import signal
import subprocess
import time

import bench_servers as servers
from bench_servers import Trouble

START_SECONDS_MAXIMUM = 60
STOP_SECONDS_MAXIMUM = 30
POLL_SECONDS = 0.05
QUERY_SECONDS_MAXIMUM = 60
DATABASE = "forma3d"
STOPS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}


class Cluster:
    """PostgreSQL refuses to run as root; then it is the user postgres who runs it."""

    def __init__(self, folder: pathlib.Path, is_durable: bool) -> None:
        self.port = servers.free_port()
        self._data = folder / "postgres"
        self._log = folder / "postgres.log"
        self._user = "postgres" if os.geteuid() == 0 else None
        self._binaries = newest_binaries()
        self._process: subprocess.Popen[bytes] | None = None
        self._initialise(is_durable)

    @property
    def user(self) -> str:
        return "chaos"

    def start(self) -> None:
        """Also right after a kill -9, when old backends may still hold the shared memory for a moment."""
        deadline = time.monotonic() + START_SECONDS_MAXIMUM
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()
            if self._is_answering():
                return
            time.sleep(POLL_SECONDS)
        raise Trouble(f"PostgreSQL does not start; its log is {self._log}")

    def stop(self, how: str = "fast") -> None:
        if self._process is None:
            return
        self._process.send_signal(STOPS[how])
        try:
            self._process.wait(STOP_SECONDS_MAXIMUM)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill_backend(self, choice: float) -> bool:
        """SIGKILL to one of the servers' backends, which makes PostgreSQL recover as after a crash."""
        rows = self.rows("SELECT pid FROM pg_stat_activity WHERE application_name <> 'psql' "
                         "AND backend_type = 'client backend' ORDER BY pid")
        if not rows:
            return False
        try:
            os.kill(int(rows[int(choice * len(rows))][0]), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def rows(self, sql: str) -> list[list[str]]:
        """What `psql -At` says, split at tabs."""
        command = [self._binaries / "psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                   str(self.port), "-U", self.user, "-d", DATABASE, "-c", sql]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=QUERY_SECONDS_MAXIMUM)
        except subprocess.TimeoutExpired as timeout:
            raise Trouble("PostgreSQL does not answer") from timeout
        if answer.returncode != 0:
            raise Trouble(f"a query failed: {answer.stderr.strip()}")
        return [line.split("\t") for line in answer.stdout.splitlines()]

    def number(self, sql: str) -> int:
        return int(self.rows(sql)[0][0])

    def url(self, port: int) -> str:
        return f"postgresql://{self.user}@127.0.0.1:{port}/{DATABASE}"

    def _initialise(self, is_durable: bool) -> None:
        self._data.mkdir()
        self._log.touch()
        if self._user:
            for path in (self._data, self._log):
                os.chown(path, *ids_of(self._user))
        self._run("initdb", "-D", str(self._data), "-U", self.user, "-A", "trust", "-E", "UTF8", "--locale=C",
                  "--no-sync", "--no-instructions")
        settings = {
            "port": self.port, "listen_addresses": "'127.0.0.1'", "unix_socket_directories": "''",
            "max_connections": 100, "shared_buffers": "'64MB'", "logging_collector": "off",
            "fsync": "on" if is_durable else "off", "synchronous_commit": "on" if is_durable else "off",
            # A crash recovery after each kill has little to read again.
            "checkpoint_timeout": "'30s'", "max_wal_size": "'256MB'",
        }
        with open(self._data / "postgresql.conf", "a", encoding="ascii") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, DATABASE)

    def _launch(self) -> subprocess.Popen[bytes]:
        with open(self._log, "ab") as log:
            return subprocess.Popen(
                [self._binaries / "postgres", "-D", str(self._data)], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, cwd="/", start_new_session=True, user=self._user, group=self._user)

    def _is_answering(self) -> bool:
        command = [self._binaries / "psql", "-XAtq", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-d",
                   "postgres", "-c", "SELECT 1"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        answer = subprocess.run([self._binaries / program, *arguments], capture_output=True, text=True, cwd="/",
                                user=self._user, group=self._user)
        if answer.returncode != 0:
            raise Trouble(f"{program} failed: {answer.stderr.strip()}")


def newest_binaries() -> pathlib.Path:
    folders = pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted((path.parent for path in folders), key=lambda path: float(path.parent.name))
    if not found:
        raise Trouble("PostgreSQL is not installed: run scripts/setup")
    return found[-1]


def ids_of(user: str) -> tuple[int, int]:
    import pwd
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid
