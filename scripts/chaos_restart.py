"""`scripts/chaos --restart`: from kill -9 of a server to the next start of the jobs it had in hand, real settings."""

import argparse
import random
import time

import chaos_shop
import chaos_timings
from bench_servers import Trouble
from chaos_world import Plan, World, running, wait

KILLS = 6
# Three prints each, and each look for a print that was cut off is three calls of twenty seconds, so the work of several
# kills is under way at once: more hands than that, so that nothing but the kill delays it.
ORDERS = 5
CONCURRENCY = 96
LEASE_SECONDS = 30
LIMIT_SECONDS = 35
# Each call takes so long that jobs are in hand at every moment; below the 30 s a call may take.
ANSWER_MILLISECONDS = 20_000
IN_HAND_MINIMUM = 4
IN_HAND_SECONDS_MAXIMUM = 60
# Until the jobs of one kill are rescued, the next one waits.
BETWEEN_SECONDS = (70, 80)
# As in production; only what the sandbox needs is not.
REAL = {
    "WORKER_CONCURRENCY": str(CONCURRENCY), "JOB_LEASE_SECONDS": str(LEASE_SECONDS), "JOB_POLL_MS": "1000", "VENDOR_LAG_SECONDS": "10",
    "RECONCILE_INTERVAL_SECONDS": "300", "RETRY_INITIAL_DELAY_MS": "1000", "RETRY_MAX_DELAY_MS": "3600000",
    "SHOPIFY_API_TIMEOUT_MS": "30000", "SIMPLYPRINT_API_TIMEOUT_MS": "30000", "SENDCLOUD_API_TIMEOUT_MS": "30000",
}


def run(options: argparse.Namespace) -> int:
    chance = random.Random(f"restart {options.seed}")
    kills: list[float] = []
    with running(Plan(options.binaries, has_relays=False, settings=REAL)) as world:
        shop = chaos_shop.Shop(world)
        shop.map_products("TRAY-3")
        world.sandbox.control("faults", [
            {"vendor": "*", "call": "*", "fault": "delay", "delayMs": ANSWER_MILLISECONDS}])
        for number in range(options.kills or KILLS):
            for _ in range(ORDERS):
                shop.place("copies")
            if not wait(lambda: in_hand(world) >= IN_HAND_MINIMUM, IN_HAND_SECONDS_MAXIMUM):
                raise Trouble("no job was in hand to be killed")
            time.sleep(chance.uniform(0, 10))
            victim = world.servers[number % len(world.servers)]
            held = in_hand(world)
            victim.kill()
            kills.append(time.time())
            time.sleep(chance.uniform(*BETWEEN_SECONDS))
            victim.start()
            victim.wait_until_ready()
            print(f"kill {number + 1} with {held} jobs in hand of both: "
                  f"{sum(1 for _ in chaos_timings.restarts(world, kills))} restarted so far", flush=True)
        times = chaos_timings.restarts(world, kills)
    if not times:
        print("no job was restarted")
        return 1
    p99 = chaos_timings.percentile(times, 99)
    print(f"\n{len(times)} jobs of {len(kills)} kills, lease {LEASE_SECONDS} s: from the kill to the next start "
          f"p50 {chaos_timings.percentile(times, 50):.1f} s, p99 {p99:.1f} s, longest {max(times):.1f} s")
    print(f"target: p99 at most {LIMIT_SECONDS} s: {'met' if p99 <= LIMIT_SECONDS else 'missed'}")
    return 0 if p99 <= LIMIT_SECONDS else 1


def in_hand(world: World) -> int:
    return world.cluster.number("SELECT count(*) FROM jobs.job WHERE state = 'running'")
