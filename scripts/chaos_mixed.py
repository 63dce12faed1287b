"""A bit of everything: `scripts/chaos --short`, and as long as one likes with --minutes and --orders."""

import argparse
import time

import chaos_promises
import chaos_shop
import chaos_storm
import chaos_timings
from bench_servers import Trouble
from chaos_world import Plan, World, running

SHORT_SECONDS = 40
SHORT_ORDERS = 60
GAP_SECONDS = (0.4, 2.4)
SETTLE_SECONDS_MAXIMUM = 75
TICK_SECONDS = 0.05
# In the middle of the storm the unmapped product is mapped.
MAPPED_AT = 0.7
KIND_WEIGHTS = {"single": 50, "several": 5, "multi-part": 12, "copies": 8, "unmapped": 5, "cancelled": 8, "edited": 6,
                "repeated": 6}


def run(options: argparse.Namespace) -> int:
    seconds = options.minutes * 60 if options.minutes else SHORT_SECONDS
    count = options.orders or SHORT_ORDERS
    acts = chaos_storm.plan(seconds, GAP_SECONDS, chaos_storm.WEIGHTS, options.seed)
    entries = chaos_shop.schedule(count, seconds, KIND_WEIGHTS, options.seed)
    with running(Plan(options.binaries)) as world:
        shop = chaos_shop.Shop(world)
        shop.map_products(*(sku for sku in chaos_shop.PRODUCTS if sku != chaos_shop.UNMAPPED_SKU))
        storm = chaos_storm.Storm(world, print)
        weather(world, shop, storm, acts, entries, seconds)
        world.heal()
        is_kept = conclude(world, shop, storm)
        if not is_kept:
            (world.folder / "failed").touch()
            print(f"again: scripts/chaos --short --seed {options.seed}")
    return 0 if is_kept else 1


def weather(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm, acts: list[chaos_storm.Act],
            entries: list[chaos_shop.Entry], seconds: float) -> None:
    """Orders and mishaps in turn, each at its time."""
    begin = time.monotonic()
    is_mapped = False
    while (now := time.monotonic() - begin) < seconds or acts or entries:
        storm.tick(now)
        if entries and entries[0].at_seconds <= now:
            entry = entries.pop(0)
            shop.place(entry.kind, follow_up_at=now + entry.follow_up_seconds)
        shop.follow_up(now)
        if not is_mapped and now > seconds * MAPPED_AT:
            shop.map_products(chaos_shop.UNMAPPED_SKU)
            is_mapped = True
        if acts and acts[0].at_seconds <= now:
            storm.act(acts.pop(0), now)
        time.sleep(TICK_SECONDS)
    shop.follow_up(float("inf"))
    for server in world.servers:
        if server.exit_code is not None:
            storm.ended_by_themselves.append(f"{server.name} ended with {server.exit_code}")


def conclude(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm) -> bool:
    """Waits until every promise is kept, and then whether it stays so; prints what was found."""
    begin = time.monotonic()
    deadline = begin + SETTLE_SECONDS_MAXIMUM
    verdicts = look(world, shop, storm)
    while not all(verdict.is_kept for verdict in verdicts) and time.monotonic() < deadline:
        time.sleep(1)
        verdicts = look(world, shop, storm)
    settled_seconds = time.monotonic() - begin
    if all(verdict.is_kept for verdict in verdicts):
        # A late double would come with what is still on its way.
        time.sleep(quiet_seconds(world))
        verdicts = look(world, shop, storm)
    print(f"\nsettled {settled_seconds:.0f} s after the end of the storm\n")
    print(chaos_promises.table(verdicts))
    print()
    print(", ".join(f"{what} {count}" for what, count in sorted(storm.counts.items())))
    print(chaos_timings.recovery(world, storm.kill_times))
    return all(verdict.is_kept for verdict in verdicts)


def look(world: World, shop: chaos_shop.Shop, storm: chaos_storm.Storm) -> list[chaos_promises.Verdict]:
    for server in world.servers:
        if server.exit_code is not None:
            raise Trouble(f"{server.name} ended by itself with {server.exit_code}; its log is {server.log}")
    stored, undelivered = chaos_promises.deliveries(world, shop.orders)
    evidence = chaos_promises.gather(world, shop.orders, undelivered)
    told = chaos_promises.Verdict("orders placed, of them told by a webhook", "-",
                                  f"{len(shop.orders)}, {len(evidence.known)}", True)
    return [told, stored, *chaos_promises.check(world, evidence),
            chaos_promises.none("servers that ended by themselves", storm.ended_by_themselves)]


def quiet_seconds(world: World) -> float:
    """The vendor's lag, a call's longest time and one sweep."""
    names = ("VENDOR_LAG_SECONDS", "RECONCILE_INTERVAL_SECONDS")
    return sum(float(world.settings[name]) for name in names) + float(world.settings["SENDCLOUD_API_TIMEOUT_MS"]) / 1_000
