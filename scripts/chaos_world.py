"""Everything one run of the chaos runner needs, started together and ended together."""

import pathlib
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chaos_cluster import Cluster
from chaos_programs import OPERATOR_KEY, Sandbox, Server
from chaos_relay import Relays

# Scaled down, so that minutes of a shop pass in seconds. A call's limit and the vendor's lag bound how long an unknown
# outcome waits; the lease bounds how long a dead worker's jobs do.
SCALED = {
    "JOB_LEASE_SECONDS": "2", "VENDOR_LAG_SECONDS": "1", "RECONCILE_INTERVAL_SECONDS": "2", "JOB_POLL_MS": "250",
    "RETRY_INITIAL_DELAY_MS": "100", "RETRY_MAX_DELAY_MS": "2000", "VENDOR_CIRCUIT_OPEN_MS": "500",
    "SIMPLYPRINT_POLLING_INTERVAL_MS": "1000",
    "SHOPIFY_API_TIMEOUT_MS": "1500", "SIMPLYPRINT_API_TIMEOUT_MS": "1500", "SENDCLOUD_API_TIMEOUT_MS": "1500",
    "SIMPLYPRINT_REQUESTS_PER_MINUTE": "1000000", "DRAIN_PAUSE_SECONDS": "0", "LOG_LEVEL": "info",
}
# What is printed leaves the list of done items, as within a day at the farm's own pace; without, every look at the farm
# of a long run would read all of it.
DONE_ITEM_HOURS = 0.03
UNLIMITED_POINTS = 1_000_000


@dataclass
class Plan:
    """What to start."""

    binaries: pathlib.Path
    servers: int = 2
    # Of each server in turn; none: every server does everything.
    roles: tuple[str, ...] = ()
    speed: int = 5_000
    printers: int = 64
    is_durable: bool = True
    # PostgreSQL and the vendors behind relays that can be cut; they cost CPU, so a long run goes without.
    has_relays: bool = True
    settings: dict[str, str] = field(default_factory=dict)


class World:
    def __init__(self, plan: Plan, folder: pathlib.Path) -> None:
        self.plan = plan
        self.folder = folder
        self.settings = SCALED | plan.settings
        self.is_failed = False
        self._turn = 0
        self.relays = Relays()
        self.cluster = Cluster(folder, plan.is_durable)
        self.servers: list[Server] = []
        self.web = self.relays.to(self._live_servers)
        self.vendors = self.relays.to(lambda: [self.sandbox.port])
        self.database = self.relays.to(lambda: [self.cluster.port])
        options = ["--target", f"http://127.0.0.1:{self.web.port}", "--speed", str(plan.speed), "--rate-limit", "0",
                   "--printers", str(plan.printers)]
        if plan.has_relays:
            options += ["--public-url", f"http://127.0.0.1:{self.vendors.port}"]
        self.sandbox = Sandbox(plan.binaries, options, folder)

    def start(self) -> None:
        self.sandbox.start()
        self.sandbox.wait_until_ready()
        self.sandbox.control("settings", {
            "simplyprint": {"doneItemHours": DONE_ITEM_HOURS},
            # A shop with thousands of orders an hour is an Enterprise one: else its points are what is measured.
            "shopify": {"bucketPoints": UNLIMITED_POINTS, "restorePointsPerSecond": UNLIMITED_POINTS}})
        for number in range(len(self.plan.roles) or self.plan.servers):
            role = self.plan.roles[number] if self.plan.roles else None
            server = self.new_server(f"{role or 'server'}-{number + 1}", role)
            server.start()
            # One after another: the first brings the schema.
            server.wait_until_ready()

    def new_server(self, name: str, role: str | None) -> Server:
        own = {"DATABASE_URL": self.cluster.url(self.database.port if self.plan.has_relays else self.cluster.port),
               "APP_ENV": "development", "INTERNAL_API_KEY": OPERATOR_KEY, "DATA_DIR": str(self.folder / name)}
        vendors = self.sandbox.settings()
        if self.plan.has_relays:
            direct, relayed = (f"127.0.0.1:{port}" for port in (self.sandbox.port, self.vendors.port))
            vendors = {key: value.replace(direct, relayed) for key, value in vendors.items()}
        server = Server(name, self.plan.binaries, vendors | self.settings | own, self.folder, role)
        self.servers.append(server)
        return server

    def heal(self) -> None:
        """Everything runs again and nothing is hindered."""
        self.sandbox.control("faults", [])
        for relay in (self.web, self.vendors, self.database):
            relay.heal()
        self.cluster.start()
        for server in self.servers:
            server.signal(signal.SIGCONT)
            if not server.is_running:
                server.start()
        for server in self.servers:
            server.wait_until_ready()

    def keep_folder(self) -> None:
        """The logs stay when this run ends."""
        self.is_failed = True

    @property
    def quiet_seconds(self) -> float:
        """After which nothing more comes by itself: the vendor's lag, a call's longest time and one sweep."""
        lag, sweep = (float(self.settings[name]) for name in ("VENDOR_LAG_SECONDS", "RECONCILE_INTERVAL_SECONDS"))
        return lag + sweep + float(self.settings["SENDCLOUD_API_TIMEOUT_MS"]) / 1_000

    def stop(self) -> None:
        for program in [*self.servers, self.sandbox]:
            program.stop()
        self.cluster.stop("immediate")
        self.relays.stop()

    def _live_servers(self) -> list[int]:
        """Where webhooks may go, each time beginning with the next one; a frozen one takes them and says nothing."""
        ports = [server.port for server in self.servers if server.is_running and server.takes_requests]
        self._turn += 1
        start = self._turn % max(1, len(ports))
        return ports[start:] + ports[:start]


@contextmanager
def running(plan: Plan) -> Iterator[World]:
    """A started world. The folder with its logs stays when something went wrong."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="forma3d-chaos-"))
    # PostgreSQL's own user has to walk through it when this runs as root.
    folder.chmod(0o711)
    world: World | None = None
    is_whole = False
    try:
        world = World(plan, folder)
        world.start()
        yield world
        is_whole = not world.is_failed
    finally:
        if world:
            world.stop()
        if is_whole:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"the logs are in {folder}", flush=True)


def wait(condition: Callable[[], bool], seconds: float, pause: float = 0.2) -> bool:
    """Whether the condition came true within that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
