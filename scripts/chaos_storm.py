"""What goes wrong: a plan made from a seed, and its execution."""

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chaos_cluster import STOPS
from chaos_world import World

# How often each is chosen.
WEIGHTS = {
    "kill server": 6, "freeze server": 4, "cut database": 3, "cut vendors": 3, "cut webhooks": 2, "kill backend": 2,
    "stop postgres fast": 1, "stop postgres immediate": 1, "stop postgres kill": 1, "vendor faults": 10,
}

CALLS = {
    "simplyprint": ("queue/AddItem", "queue/GetItems", "jobs/GetPaginatedPrintJobs", "queue/DeleteItem", "*"),
    "sendcloud": ("createParcel", "getParcels", "label", "*"),
    "shopify": ("fulfillmentCreate", "fulfillmentOrders", "graphql"),
}
REQUEST_FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "dropBefore"}, {"fault": "dropAfter"}, {"fault": "late"}, {"fault": "html"}, {"fault": "delay"},
    {"fault": "status", "status": 500}, {"fault": "status", "status": 503}, {"fault": "status", "status": 429},
    {"fault": "throttle"},
)
HOOK_FAULTS: tuple[dict[str, Any], ...] = (
    {"vendor": "simplyprint", "fault": "hookDrop"}, {"vendor": "sendcloud", "fault": "hookDrop"},
    # orders/paid still tells of the order.
    {"vendor": "shopify", "call": "orders/create", "fault": "hookDrop"},
    {"vendor": "*", "fault": "hookScatter", "copies": 8, "delayMs": 1_500},
    {"vendor": "*", "fault": "hookDuplicate"}, {"vendor": "simplyprint", "fault": "hookWrongSignature"},
)
# A late effect comes before the vendor's lag is over: that is what the lag means.
LATE_MILLISECONDS = (100, 800)


@dataclass(frozen=True)
class Act:
    at_seconds: float
    what: str
    # Which server or backend, and how long, each as a part of the whole.
    choice: float
    length: float
    faults: tuple[dict[str, Any], ...] = ()


def plan(seconds: float, gap_seconds: tuple[float, float], weights: dict[str, int], seed: str) -> list[Act]:
    chance = random.Random(f"storm {seed}")
    acts: list[Act] = []
    at = chance.uniform(*gap_seconds)
    while at < seconds:
        what = chance.choices(list(weights), list(weights.values()))[0]
        faults = tuple(fault(chance) for _ in range(chance.randint(1, 4))) if what == "vendor faults" else ()
        acts.append(Act(at, what, chance.random(), chance.random(), faults))
        at += chance.uniform(*gap_seconds)
    return acts


def fault(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.3:
        return {"call": "*", **chance.choice(HOOK_FAULTS), "times": chance.randint(1, 8)}
    vendor = chance.choice(list(CALLS))
    return {"vendor": vendor, "call": chance.choice(CALLS[vendor]), **chance.choice(REQUEST_FAULTS),
            "times": chance.randint(1, 4), "delayMs": chance.randint(*LATE_MILLISECONDS)}


class Storm:
    """Executes acts; counts them and knows when each kill was."""

    def __init__(self, world: World, report: Callable[[str], None]) -> None:
        self._world = world
        self._report = report
        self._lease_seconds = float(world.settings["JOB_LEASE_SECONDS"])
        self._frozen: dict[int, float] = {}
        self.counts: dict[str, int] = {}
        self.kill_times: list[float] = []
        self.ended_by_themselves: list[str] = []

    def act(self, act: Act, now: float) -> None:
        world = self._world
        index = int(act.choice * len(world.servers))
        details = [world.servers[index].name] if act.what.endswith("server") else [word(each) for each in act.faults]
        self._report(f"+{act.at_seconds:5.1f} s  {' '.join([act.what, *details])}")
        if act.what == "kill server":
            self._frozen.pop(index, None)
            world.servers[index].kill()
            self.kill_times.append(time.time())
            world.servers[index].start()
        elif act.what == "freeze server":
            world.servers[index].signal(signal.SIGSTOP)
            self.kill_times.append(time.time())
            self._frozen[index] = now + self._lease_seconds * (0.3 + 1.7 * act.length)
        elif act.what.startswith("cut "):
            relay = {"database": world.database, "vendors": world.vendors, "webhooks": world.web}[act.what[4:]]
            relay.cut(refuse_seconds=2 * act.length)
        elif act.what == "kill backend":
            world.cluster.kill_backend(act.choice)
            # Crash recovery ends every connection; the next act must find a server.
            world.cluster.start()
        elif act.what.startswith("stop postgres "):
            how = act.what.removeprefix("stop postgres ")
            assert how in STOPS
            world.cluster.stop(how)
            world.cluster.start()
        elif act.what == "vendor faults":
            world.sandbox.control("faults", list(act.faults))
        self.counts[act.what] = self.counts.get(act.what, 0) + 1

    def tick(self, now: float) -> None:
        """Wakes what was frozen long enough, and starts what ended though nobody here ended it."""
        for index, until in list(self._frozen.items()):
            if now >= until:
                self._world.servers[index].signal(signal.SIGCONT)
                del self._frozen[index]
        for server in self._world.servers:
            if server.exit_code is not None:
                self.ended_by_themselves.append(f"{server.name} ended with {server.exit_code}")
                server.start()


def word(fault: dict[str, Any]) -> str:
    return f"{fault['vendor']}:{fault['call']}:{fault['fault']}×{fault['times']}"
