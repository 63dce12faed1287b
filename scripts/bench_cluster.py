"""A PostgreSQL of a measurement's own, in a folder of its own, gone afterwards."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import bench_servers as servers
from bench_servers import Trouble


class Cluster:
    """A PostgreSQL of its own with its defaults, but for the socket: every commit waits for the disk."""

    def __init__(self):
        self.bin = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
        # Not /tmp, which may be memory: then no commit would wait for a disk.
        self.temporary = tempfile.TemporaryDirectory(prefix="forma3d-bench-", dir="/var/tmp", ignore_cleanup_errors=True)
        self.folder = pathlib.Path(self.temporary.name)
        self.port = servers.free_port()
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(self.folder, "postgres")
            self.folder.chmod(0o755)
        self.url = f"postgresql:///postgres?host={self.folder}&port={self.port}&user=postgres"

    def __enter__(self):
        data = str(self.folder / "data")
        self.run([f"{self.bin}/initdb", "-D", data, "-A", "trust", "-U", "postgres"])
        options = f"-k {self.folder} -p {self.port} -c listen_addresses= -c max_connections=200 -c max_wal_size=4GB"
        self.run([f"{self.bin}/pg_ctl", "-D", data, "-w", "-o", options, "-l", str(self.folder / "log"), "start"])
        return self

    def __exit__(self, *_):
        self.run([f"{self.bin}/pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop"], check=False)
        self.temporary.cleanup()

    def run(self, command, check=True):
        done = subprocess.run(self.prefix + command, capture_output=True, text=True, cwd="/", start_new_session=True)
        if check and done.returncode != 0:
            raise Trouble(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-400:]}")
        return done.stdout

    def sql(self, text):
        return self.run(["psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", text]).strip()
