"""`scripts/chaos --matrix`: each of eleven faults against each effect, a hundred jobs a cell."""

import argparse
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import chaos_promises
import chaos_shop
from chaos_effects import EFFECTS, Effect
from chaos_programs import Server
from chaos_world import Plan, World, running, wait

JOBS = 100
# The first server dies or freezes so often in a cell; each time it has many jobs in hand.
STRIKES = 5
CELL_SECONDS_MAXIMUM = 120
PLACING_THREADS = 8
# A hundred spoiled calls open the vendor's circuit again and again; each job shall still meet its own within the time.
PROBING = {"VENDOR_CIRCUIT_OPEN_MS": "20"}
STRUCK_SERVER = {"WORKER_CONCURRENCY": "48"} | PROBING
OTHER_SERVER = {"WORKER_CONCURRENCY": "2"} | PROBING
LATE_MILLISECONDS = 600
# Of the lease: frozen until others have taken over.
FREEZE_LEASES = 2


@dataclass(frozen=True)
class Row:
    number: int
    name: str
    # `FORMA3D_FAULTS` of the first server, and what the sandbox does; one of the two is empty.
    point: str = ""
    action: str = ""
    vendor_fault: str = ""


ROWS = (
    Row(1, "killed before the intent is committed", "before-intent-commit", "kill"),
    Row(2, "killed after the intent is committed", "after-intent-commit", "kill"),
    Row(3, "killed right before the call", "before-send", "kill"),
    Row(4, "request lost", vendor_fault="dropBefore"),
    Row(5, "answer lost", vendor_fault="dropAfter"),
    Row(6, "killed after the answer", "after-send", "kill"),
    Row(7, "killed before the result is committed", "before-completion-commit", "kill"),
    Row(8, "killed after the result is committed", "after-completion-commit", "kill"),
    Row(9, "frozen past the lease before the call", "before-send", "freeze"),
    Row(10, "frozen past the lease after the answer", "after-send", "freeze"),
    Row(11, "late effect", vendor_fault="late"),
)


@dataclass(frozen=True)
class Cell:
    """What became of the jobs of one cell."""

    lost: int
    duplicated: int
    stuck: int
    unknown: int
    # Jobs that were rescued from a dead or frozen server, or calls the sandbox spoiled.
    struck: int
    taken_back: int
    concerned: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.duplicated or self.stuck) and self.struck > 0

    def text(self) -> str:
        counts = f"{self.lost}/{self.duplicated}/{self.stuck}/{self.unknown} ({self.struck})"
        return counts + ("" if self.is_right else " **BROKEN**" if self.struck else " **not struck**")


def run(options: argparse.Namespace) -> int:
    rows = [row for row in ROWS if not options.rows or row.number in options.rows]
    effects = [effect for effect in EFFECTS if not options.effects or effect.kind in options.effects]
    cells: dict[tuple[int, str], Cell | None] = {}
    for effect in effects:
        is_built = effect.is_built(options.binaries)
        for row in rows:
            cell = run_alone(options, row, effect) if is_built else None
            cells[row.number, effect.kind] = cell
            print(f"{row.number:2} {row.name}, {effect.kind}: {cell.text() if cell else 'not built'}", flush=True)
            for line in cell.concerned if cell else ():
                print(f"   {line}", flush=True)
    print(f"\n{table(rows, effects, cells)}")
    return 0 if all(cell is not None and cell.is_right for cell in cells.values()) else 1


def run_alone(options: argparse.Namespace, row: Row, effect: Effect) -> Cell:
    """In a world of its own: what one cell leaves behind must not help or hinder the next."""
    with running(Plan(options.binaries, has_relays=False)) as world:
        cell = run_cell(world, row, effect, options.jobs or JOBS)
        if not cell.is_right:
            world.keep_folder()
    return cell


def run_cell(world: World, row: Row, effect: Effect, jobs: int) -> Cell:
    world.servers[1].environment |= OTHER_SERVER
    restart(world.servers[1])
    shop = chaos_shop.Shop(world)
    shop.map_products("CLIP-1")
    begun = world.cluster.rows("SELECT jobs.clock()")[0][0]
    effect.prepare(world)
    arm(world, row, effect, jobs)
    with ThreadPoolExecutor(PLACING_THREADS) as threads:
        orders = {order.id: order for order in threads.map(lambda _: effect.place(world, shop), range(jobs))}
    deadline = time.monotonic() + CELL_SECONDS_MAXIMUM
    strikes = 0
    is_provoked = effect.follow_up is None
    while time.monotonic() < deadline and not (is_provoked and effect.is_done(world, orders)):
        strikes += keep_going(world, row, strikes)
        if not is_provoked and effect.is_ready(world, orders):
            effect.follow_up(shop, orders)
            is_provoked = True
        time.sleep(0.2)
    struck = spoiled(world, jobs) if row.vendor_fault else rescued(world, begun)
    disarm(world)
    wait(lambda: effect.is_done(world, orders), max(1, deadline - time.monotonic()))
    # Where nothing can be looked up what is unknown stays so, and is seen; nothing stays without a verdict.
    open_states = "'sent', 'unknown'" if effect.ends_orders else "'planned', 'sent'"
    wait(lambda: not unsettled(world, effect, orders, open_states), CELL_SECONDS_MAXIMUM / 4)
    time.sleep(world.quiet_seconds)
    return judge(world, effect, orders, struck)


def arm(world: World, row: Row, effect: Effect, jobs: int) -> None:
    server = world.servers[0]
    extra = dict(STRUCK_SERVER)
    if row.vendor_fault:
        world.sandbox.control("faults", [
            {"vendor": effect.vendor, "call": effect.call, "fault": row.vendor_fault, "times": jobs,
             "delayMs": LATE_MILLISECONDS}])
    else:
        lease = float(world.settings["JOB_LEASE_SECONDS"])
        action = f"freeze-{int(lease * 1_000 * FREEZE_LEASES)}*{STRIKES}" if row.action == "freeze" else row.action
        extra["FORMA3D_FAULTS"] = f"{row.point}/{effect.kind}:{action}"
    server.stop()
    server.start(**extra)
    server.wait_until_ready()


def keep_going(world: World, row: Row, strikes: int) -> int:
    """Starts the first server again when its fault has killed it; the last time without the fault."""
    server = world.servers[0]
    if server.exit_code is None:
        return 0
    is_last = strikes + 1 >= STRIKES or row.action != "kill"
    server.start_again(without="FORMA3D_FAULTS" if is_last else "")
    return 1


def disarm(world: World) -> None:
    world.sandbox.control("faults", [])
    world.servers[0].stop()
    world.servers[0].start(**STRUCK_SERVER)
    world.servers[0].wait_until_ready()


def restart(server: Server) -> None:
    server.stop()
    server.start()
    server.wait_until_ready()


def spoiled(world: World, jobs: int) -> int:
    return jobs - sum(fault.get("times", 0) for fault in world.sandbox.look("faults"))


def rescued(world: World, begun: str) -> int:
    return world.cluster.number(
        f"SELECT count(DISTINCT job_id) FROM jobs.attempt WHERE outcome = 'rescued' AND ended >= '{begun}'")


def unsettled(world: World, effect: Effect, orders: dict[str, chaos_shop.Order], states: str) -> list[str]:
    return [" ".join(row) for row in world.cluster.rows(
        "SELECT e.reference, e.kind, e.state, e.last_error FROM jobs.effect e "
        f"WHERE e.state IN ({states}) AND {effect.scope(orders)}")]


def judge(world: World, effect: Effect, orders: dict[str, chaos_shop.Order], struck: int) -> Cell:
    evidence = chaos_promises.gather(world, orders)
    lost, duplicated, taken_back = effect.count(world, evidence)
    unknown = unsettled(world, effect, orders, "'unknown'")
    open_orders = chaos_promises.open_orders(evidence).concerned if effect.ends_orders else ()
    stuck = [*open_orders, *unsettled(world, effect, orders, "'planned', 'sent'")]
    return Cell(len(lost), len(duplicated), len(stuck), len(unknown), struck, taken_back,
                tuple([*(f"lost: {text}" for text in lost), *(f"twice: {text}" for text in duplicated),
                       *(f"stuck: {text}" for text in stuck), *(f"unknown: {text}" for text in unknown)][:5]))


def table(rows: list[Row], effects: list[Effect], cells: dict[tuple[int, str], Cell | None]) -> str:
    lines = ["Each cell: lost/duplicated/stuck/unknown and visible (jobs struck).", "",
             "| fault | " + " | ".join(effect.kind for effect in effects) + " |",
             "| --- |" + " --- |" * len(effects)]
    for row in rows:
        found = [cells[row.number, effect.kind] for effect in effects]
        lines.append(f"| {row.number} {row.name} | "
                     + " | ".join(cell.text() if cell else "**not built**" for cell in found) + " |")
    backs = {effect.kind: sum(cell.taken_back for row in rows if (cell := cells[row.number, effect.kind]))
             for effect in effects}
    return "\n".join([*lines, "", f"brief doubles, taken back by us: {json.dumps(backs)}"])
