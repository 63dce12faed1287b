"""`scripts/chaos --replicas`: what three servers do more than one where the vendors' answers are what takes the time."""

import argparse
import statistics
import time

import chaos_shop
from bench_servers import Trouble
from chaos_world import Plan, running, wait

ROUNDS = 2
ORDERS = 60
ANSWER_MILLISECONDS = 300
# Of each server, so that it is the answers that are waited for and not the processor.
CONCURRENCY = 2
RUN_SECONDS_MAXIMUM = 300
TARGET = 2.5
# Nothing else may act as a limit: no time-out near the answers' time.
SETTINGS = {
    "WORKER_CONCURRENCY": str(CONCURRENCY), "SHOPIFY_API_TIMEOUT_MS": "10000", "SIMPLYPRINT_API_TIMEOUT_MS": "10000",
    "SENDCLOUD_API_TIMEOUT_MS": "10000", "JOB_LEASE_SECONDS": "30",
}


def run(options: argparse.Namespace) -> int:
    rates: dict[int, list[float]] = {1: [], 3: []}
    for number in range(ROUNDS):
        for servers in rates:
            rate = measure(options, servers)
            rates[servers].append(rate)
            print(f"round {number + 1}: {servers} servers {rate:.2f} orders/s", flush=True)
    one, three = (statistics.median(rates[servers]) for servers in (1, 3))
    factor = three / one
    print(f"\n1 server {one:.2f} orders/s, 3 servers {three:.2f} orders/s: {factor:.2f} ×; target at least {TARGET} ×: "
          f"{'met' if factor >= TARGET else 'missed'}")
    return 0 if factor >= TARGET else 1


def measure(options: argparse.Namespace, servers: int) -> float:
    """Orders a second, from the first order placed to the last one fulfilled."""
    count = options.orders or ORDERS
    with running(Plan(options.binaries, servers=servers, has_relays=False, settings=SETTINGS)) as world:
        shop = chaos_shop.Shop(world)
        shop.map_products("CLIP-1")
        world.sandbox.control("faults", [
            {"vendor": "*", "call": "*", "fault": "delay", "delayMs": ANSWER_MILLISECONDS}])
        begin = time.monotonic()
        for _ in range(count):
            shop.place("single")

        def is_done() -> bool:
            return world.cluster.number("SELECT count(*) FROM orders.shop_order WHERE status = 'fulfilled'") == count

        if not wait(is_done, RUN_SECONDS_MAXIMUM):
            world.keep_folder()
            raise Trouble(f"{servers} servers did not fulfil {count} orders in {RUN_SECONDS_MAXIMUM} s")
        return count / (time.monotonic() - begin)
