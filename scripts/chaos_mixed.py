"""Orders and mishaps together: `scripts/chaos --short` has a bit of everything, `--soak` kills for half an hour."""

import argparse
import time
from dataclasses import dataclass

import chaos_promises
import chaos_shop
import chaos_storm
import chaos_timings
from bench_servers import Trouble
from chaos_promises import Verdict
from chaos_world import Plan, World, running

TICK_SECONDS = 0.05
# Nothing came to its end for so long: it never will.
STUCK_SECONDS = 45
PROGRESS_SECONDS = 60
# In the middle of the storm the unmapped product is mapped.
MAPPED_AT = 0.7


@dataclass(frozen=True)
class Profile:
    name: str
    seconds: float
    orders: int
    # Between one mishap and the next.
    gap_seconds: tuple[float, float]
    mishaps: dict[str, int]
    kinds: dict[str, int]
    settle_seconds: float
    # The sandbox remembers so many webhooks only that a short run can compare them all.
    compares_webhooks: bool
    has_relays: bool
    # The part of the time in which orders are placed; the rest is for finishing under kills.
    placing: float = 1
    roles: tuple[str, ...] = ()


SHORT = Profile(
    "--short", 40, 60, (0.4, 2.4), chaos_storm.WEIGHTS,
    {"single": 50, "several": 5, "multi-part": 12, "copies": 8, "unmapped": 5, "cancelled": 8, "edited": 6,
     "repeated": 6},
    settle_seconds=300, compares_webhooks=True, has_relays=True)

SOAK = Profile(
    "--soak", 30 * 60, 10_000, (2, 20), {"kill server": 3, "stop postgres kill": 1},
    {"single": 90, "several": 2, "multi-part": 2, "copies": 1, "cancelled": 2, "edited": 2, "repeated": 1},
    settle_seconds=900, compares_webhooks=False, has_relays=False, placing=0.9,
    # One process that takes webhooks and two that do the jobs, so that each rescues what the other left.
    roles=("web", "worker", "worker"))


def run(options: argparse.Namespace) -> int:
    profile = SOAK if options.mode == "soak" else SHORT
    seconds = options.minutes * 60 if options.minutes else profile.seconds
    count = options.orders or profile.orders
    acts = chaos_storm.plan(seconds, profile.gap_seconds, profile.mishaps, options.seed)
    entries = chaos_shop.schedule(count, seconds * profile.placing, profile.kinds, options.seed)
    with running(Plan(options.binaries, has_relays=profile.has_relays, roles=profile.roles)) as world:
        shop = chaos_shop.Shop(world)
        shop.map_products(*chaos_shop.MAPPED_SKUS)
        storm = chaos_storm.Storm(world, print)
        weather(world, shop, storm, acts, entries, seconds)
        world.heal()
        is_kept = conclude(world, shop, storm, profile)
        if not is_kept:
            world.keep_folder()
            print(f"again: scripts/chaos {profile.name} --seed {options.seed} --orders {count} "
                  f"--minutes {seconds / 60:g}")
    return 0 if is_kept else 1


def weather(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm, acts: list[chaos_storm.Act],
            entries: list[chaos_shop.Entry], seconds: float) -> None:
    """Orders and mishaps in turn, each at its time."""
    begin = time.monotonic()
    next_progress = float(PROGRESS_SECONDS)
    is_mapped = False
    while (now := time.monotonic() - begin) < seconds or acts or entries:
        storm.tick(now)
        while entries and entries[0].at_seconds <= now:
            entry = entries.pop(0)
            shop.place(entry.kind, follow_up_at=now + entry.follow_up_seconds)
        shop.follow_up(now)
        if not is_mapped and now > seconds * MAPPED_AT:
            shop.map_products(chaos_shop.UNMAPPED_SKU)
            is_mapped = True
        if acts and acts[0].at_seconds <= now:
            storm.act(acts.pop(0), now)
        if now > next_progress:
            print(f"+{now:5.1f} s  {len(shop.orders)} orders placed", flush=True)
            next_progress += PROGRESS_SECONDS
        time.sleep(TICK_SECONDS)
    shop.follow_up(float("inf"))
    storm.tick(float("inf"))


def conclude(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm, profile: Profile) -> bool:
    """Waits until every promise is kept, and then whether it stays so; prints what was found."""
    begin = last_progress = time.monotonic()
    done = -1
    verdicts = look(world, shop, storm, profile)
    while not chaos_promises.are_kept(verdicts) and time.monotonic() - last_progress < STUCK_SECONDS \
            and time.monotonic() - begin < profile.settle_seconds:
        time.sleep(1)
        verdicts = look(world, shop, storm, profile)
        # A busy machine is slow, not stuck: it is waited for as long as orders and effects come to their end.
        now_done = chaos_promises.settled_count(world)
        if now_done != done:
            done, last_progress = now_done, time.monotonic()
    settled_seconds = time.monotonic() - begin
    if chaos_promises.are_kept(verdicts):
        # A late double would come with what is still on its way.
        time.sleep(world.quiet_seconds)
        verdicts = look(world, shop, storm, profile)
    print(f"\nsettled {settled_seconds:.0f} s after the end of the storm\n\n{chaos_promises.table(verdicts)}\n")
    print(", ".join(f"{what} {count}" for what, count in sorted(storm.counts.items())))
    print(chaos_timings.recovery(world, storm.kill_times))
    return chaos_promises.are_kept(verdicts)


def look(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm, profile: Profile) -> list[Verdict]:
    for server in world.servers:
        if server.exit_code is not None:
            raise Trouble(f"{server.name} ended by itself with {server.exit_code}; its log is {server.log}")
    stored: list[Verdict] = []
    undelivered: set[str] = set()
    if profile.compares_webhooks:
        verdict, undelivered = chaos_promises.deliveries(world, shop.orders)
        stored.append(verdict)
    evidence = chaos_promises.gather(world, shop.orders, undelivered)
    told = chaos_promises.told("orders placed; those no webhook told of", f"{len(shop.orders)}; {len(undelivered)}")
    return [told, *stored, *chaos_promises.check(world, evidence),
            chaos_promises.none("servers that ended by themselves", storm.ended_by_themselves)]
