"""`scripts/chaos --webhooks`: webhooks dropped, out of order and repeated; every order is complete in time all the same."""

import argparse
import random
import subprocess
import time
from collections.abc import Iterator

import chaos_promises
import chaos_shop
from chaos_world import Plan, World, running

ORDERS = 200
PLACING_SECONDS = 60
DROPPED = 0.05
COPIES = 8
SCATTER_MILLISECONDS = 5_000
LIMIT_MINUTES = 15
SETTING = "SHOPIFY_RECONCILE_INTERVAL_MINUTES"
INTERVAL_MINUTES = 1
POLL_SECONDS = 1


def run(options: argparse.Namespace) -> int:
    if not is_built(options):
        print(f"not built: this forma3d knows no {SETTING}, so an order whose webhooks are all lost stays unknown")
        return 1
    count = options.orders or ORDERS
    chance = random.Random(f"webhooks {options.seed}")
    with running(Plan(options.binaries, has_relays=False, settings={SETTING: str(INTERVAL_MINUTES)})) as world:
        shop = chaos_shop.Shop(world)
        shop.map_products("CLIP-1")
        world.sandbox.control("faults", [
            {"vendor": "*", "call": "hook", "fault": "hookDrop", "probability": DROPPED},
            {"vendor": "*", "call": "hook", "fault": "hookScatter", "copies": COPIES, "delayMs": SCATTER_MILLISECONDS}])
        placed: dict[str, float] = {}
        lost: set[str] = set()
        for _ in range(count):
            # Each webhook may be lost by itself; so many orders lose all of theirs.
            is_told = chance.random() >= DROPPED
            order = shop.place("single", is_told=is_told)
            placed[order.id] = time.monotonic()
            lost |= set() if is_told else {order.id}
            time.sleep(PLACING_SECONDS / count)
        return report(world, shop, placed, lost)


def report(world: World, shop: chaos_shop.Shop, placed: dict[str, float], lost: set[str]) -> int:
    taken = dict(completions(world, placed))
    time.sleep(world.quiet_seconds)
    verdicts = chaos_promises.check(world, chaos_promises.gather(world, shop.orders))
    print(chaos_promises.table(verdicts))
    late = [order for order in placed if taken.get(order, float("inf")) > LIMIT_MINUTES * 60]
    for name, some in (("told of", set(placed) - lost), ("all webhooks lost", lost)):
        known = [taken[order] for order in some if order in taken]
        longest = f"{max(known):.0f} s" if known else "-"
        print(f"{name}: {len(some)} orders, {len(known)} complete, the last {longest} after it was placed")
    print(f"target: each complete within {LIMIT_MINUTES} minutes with a reconciliation every {INTERVAL_MINUTES}: "
          f"{'missed by ' + str(len(late)) if late else 'met'}")
    if late or not chaos_promises.are_kept(verdicts):
        world.keep_folder()
        return 1
    return 0


def completions(world: World, placed: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Each order and the seconds until it was fulfilled, as that is seen."""
    open_orders = dict(placed)
    deadline = time.monotonic() + LIMIT_MINUTES * 60
    while open_orders and time.monotonic() < deadline:
        rows = world.cluster.rows("SELECT shopify_order_id FROM orders.shop_order WHERE status = 'fulfilled'")
        for (order,) in rows:
            if order in open_orders:
                yield order, time.monotonic() - open_orders.pop(order)
        time.sleep(POLL_SECONDS)


def is_built(options: argparse.Namespace) -> bool:
    answer = subprocess.run([options.binaries / "forma3d", "config", "--env"], capture_output=True, text=True)
    return SETTING in answer.stdout
