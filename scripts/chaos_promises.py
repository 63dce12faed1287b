"""What is promised, looked up in the vendors' ledger and in the database after everything was healed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from chaos_shop import Order
from chaos_world import World

TERMINAL = frozenset({"fulfilled", "cancelled", "closed"})
# A ready job that waits longer than this past its time is one that nobody does.
OVERDUE_SECONDS = 10
SHOWN = 5
UNSETTLED = "state IN ('planned', 'sent', 'unknown')"
# What was under way for an order when its customer cancelled it may need a person; it has to be visible, no more.
OF_CANCELLED = "EXISTS (SELECT FROM orders.shop_order o WHERE o.id = j.subject AND o.cancelled_at IS NOT NULL)"


@dataclass(frozen=True)
class Verdict:
    what: str
    promised: str
    found: str
    is_kept: bool
    # Orders, references or jobs that broke it.
    concerned: tuple[str, ...] = ()


@dataclass
class Evidence:
    """One look at ledger and database; orders that no webhook and no reconciliation told of are left out."""

    orders: dict[str, Order]
    statuses: dict[str, str]
    items: dict[str, list[dict[str, Any]]]
    prints: dict[str, Counter[str]]
    order_of_print: dict[str, str]
    parcels: dict[str, list[dict[str, Any]]]
    fulfilments: dict[str, list[dict[str, Any]]]
    undelivered: set[str] = field(default_factory=set)

    @property
    def known(self) -> list[Order]:
        return [order for order in self.orders.values() if order.id not in self.undelivered]


def gather(world: World, orders: dict[str, Order], undelivered: Iterable[str] = ()) -> Evidence:
    rows = world.cluster.rows
    ledger = world.sandbox.look("ledger")
    names = {order.name: order.id for order in orders.values()}
    evidence = Evidence(
        orders, {shop_id: status for shop_id, status in rows("SELECT shopify_order_id, status FROM orders.shop_order")},
        defaultdict(list), defaultdict(Counter),
        dict(rows("SELECT p.id, o.shopify_order_id FROM printing.print_job p "
                  "JOIN orders.shop_order o ON o.id = p.order_id")),
        defaultdict(list), defaultdict(list), set(undelivered))
    for item in ledger["simplyprint"]["queueItems"]:
        evidence.items[item["reference"] or f"item {item['id']}"].append(item)
    for job in ledger["simplyprint"]["jobs"]:
        evidence.prints[job["reference"] or f"job {job['id']}"][job["state"]] += 1
    for parcel in ledger["sendcloud"]["parcels"]:
        evidence.parcels[names.get(parcel["orderNumber"], "?")].append(parcel)
    for fulfilment in ledger["shopify"]["fulfillments"]:
        evidence.fulfilments[fulfilment["orderId"]].append(fulfilment)
    return evidence


def check(world: World, evidence: Evidence) -> list[Verdict]:
    """Every promise, the important ones first."""
    return [
        lost_orders(evidence), open_orders(evidence), *queue_items(evidence), left_in_queue(evidence),
        parcels(evidence), fulfilments(evidence), brief_doubles(evidence), *database(world),
    ]


def none(what: str, concerned: Iterable[str]) -> Verdict:
    found = tuple(concerned)
    return Verdict(what, "0", str(len(found)), not found, found)


def told(what: str, found: str) -> Verdict:
    """For the record; nothing is promised."""
    return Verdict(what, "-", found, True)


def are_kept(verdicts: list[Verdict]) -> bool:
    return all(verdict.is_kept for verdict in verdicts)


def lost_orders(evidence: Evidence) -> Verdict:
    return none("orders lost", (order.id for order in evidence.known if order.id not in evidence.statuses))


def open_orders(evidence: Evidence) -> Verdict:
    """A cancelled order may have been fulfilled first; every other one has to be."""
    def is_open(order: Order) -> bool:
        status = evidence.statuses.get(order.id, "unknown")
        return status not in TERMINAL if order.is_cancelled else status != "fulfilled"

    return none("orders not at their end", (
        f"{order.id} ({order.kind}) {evidence.statuses.get(order.id, 'unknown')}"
        for order in evidence.known if is_open(order)))


def print_of(reference: str) -> str:
    """`<print job>-<attempt>`, where the print job is a UUID."""
    return reference[:36]


def queue_items(evidence: Evidence) -> list[Verdict]:
    live = {reference: sum(not item["deleted"] for item in items) for reference, items in evidence.items.items()}
    wanted: Counter[str] = Counter()
    for reference, count in live.items():
        if count:
            wanted[evidence.order_of_print.get(print_of(reference), "?")] += 1
    wrong = [f"{order.id} ({order.kind}) {wanted[order.id]} of {order.prints}" for order in evidence.known
             if not order.is_cancelled and wanted[order.id] != order.prints]
    return [
        none("orders with other than one queue item per wanted print", wrong),
        none("queue items of nobody", (reference for reference in evidence.items
                                       if print_of(reference) not in evidence.order_of_print)),
        none("queue items twice", (reference for reference, count in live.items() if count > 1)),
        none("prints made twice", (reference for reference, states in evidence.prints.items()
                                   if states["finished"] + states["ongoing"] > 1)),
    ]


def left_in_queue(evidence: Evidence) -> Verdict:
    """Of a cancelled order, what the farm has not begun is taken back."""
    cancelled = {order.id for order in evidence.known if evidence.statuses.get(order.id) == "cancelled"}
    return none("prints of cancelled orders left in the queue", (
        reference for reference, items in evidence.items.items()
        if evidence.order_of_print.get(print_of(reference)) in cancelled and reference not in evidence.prints
        and any(not item["deleted"] for item in items)))


def parcels(evidence: Evidence) -> Verdict:
    live = {order: sum(not parcel["cancelled"] for parcel in found) for order, found in evidence.parcels.items()}
    return none("orders with other than one live parcel", (
        f"{order.id} ({order.kind}) {live.get(order.id, 0)}" for order in evidence.known if is_off(order, live)))


def fulfilments(evidence: Evidence) -> Verdict:
    """Every create counts, cancelled or not: the customer was told."""
    made = {order: len(found) for order, found in evidence.fulfilments.items()}
    return none("orders with other than one fulfilment create", (
        f"{order.id} ({order.kind}) {made.get(order.id, 0)}" for order in evidence.known if is_off(order, made)))


def is_off(order: Order, counts: dict[str, int]) -> bool:
    count = counts.get(order.id, 0)
    return count > 1 if order.is_cancelled else count != 1


def brief_doubles(evidence: Evidence) -> Verdict:
    """For the record: what was made once too often and taken back by us within the run."""
    items = sum(max(0, len(found) - 1) for found in evidence.items.values())
    parcels_back = sum(max(0, len(found) - 1) for order, found in evidence.parcels.items() if order != "?")
    return told("brief doubles taken back: queue items, parcels", f"{items}, {parcels_back}")


def settled_count(world: World) -> int:
    """Orders at their end and effects done: rises as long as there is progress."""
    ends = ",".join(f"'{status}'" for status in sorted(TERMINAL))
    return world.cluster.number(f"SELECT (SELECT count(*) FROM orders.shop_order WHERE status IN ({ends})) "
                                "+ (SELECT count(*) FROM jobs.effect WHERE state = 'done')")


def database(world: World) -> list[Verdict]:
    def found(what: str, sql: str) -> Verdict:
        return none(what, (" ".join(row) for row in world.cluster.rows(sql)))

    not_scheduled = "kind NOT IN (SELECT kind FROM jobs.schedule)"
    return [
        found("streams whose versions are not dense",
              "SELECT subject FROM jobs.event GROUP BY subject HAVING max(version) <> count(*) OR min(version) <> 1"),
        found("jobs running with an expired lease",
              "SELECT id, kind FROM jobs.job WHERE state = 'running' AND lease_until < jobs.clock()"),
        # A schedule's job that was in hand is given back when the servers are stopped to be judged.
        found("jobs due and not done", "SELECT id, kind, last_error FROM jobs.job WHERE state = 'ready' AND run_at < "
              f"jobs.clock() - interval '{OVERDUE_SECONDS} s' AND {not_scheduled}"),
        # What waits for a cancelled order (its fulfilment orders on hold) ends by itself when it is looked at again.
        found("jobs not ended", f"SELECT id, kind, last_error FROM jobs.job j WHERE state IN ('ready', 'running') "
              f"AND {not_scheduled} AND NOT {OF_CANCELLED}"),
        found("jobs that gave up",
              f"SELECT id, kind, last_error FROM jobs.job j WHERE state = 'dead' AND NOT {OF_CANCELLED}"),
        found("effects not settled",
              f"SELECT reference, kind, state FROM jobs.effect j WHERE {UNSETTLED} AND NOT {OF_CANCELLED}"),
        told("effects of cancelled orders that wait for an operator", str(world.cluster.number(
            f"SELECT count(*) FROM jobs.effect j WHERE {UNSETTLED} AND {OF_CANCELLED}"))),
        found("webhooks taken and not processed",
              "SELECT id, topic, state, note FROM inbox.webhook WHERE state <> 'processed'"),
        found("webhooks stored twice", "SELECT source, dedupe_key, count(*) FROM inbox.webhook "
              "GROUP BY source, dedupe_key HAVING count(*) > 1"),
    ]


def deliveries(world: World, orders: dict[str, Order]) -> tuple[Verdict, set[str]]:
    """Every webhook of the shop that was answered 2xx is stored; and the orders that none told of."""
    stored = {key for (key,) in world.cluster.rows("SELECT dedupe_key FROM inbox.webhook")}
    told: set[str] = set()
    missing: list[str] = []
    for hook in world.sandbox.look("hooks")["deliveries"]:
        if hook["vendor"] != "shopify" or hook["state"] != "delivered":
            continue
        told |= {order for order in orders if order in hook["body"]}
        if hook["webhookId"] not in stored:
            missing.append(f"{hook['webhookId']} {hook['topic']}")
    return none("webhooks answered 2xx and not stored", missing), set(orders) - told


def table(verdicts: list[Verdict]) -> str:
    lines = ["| what | promised | found | verdict |", "| --- | --- | --- | --- |"]
    for verdict in verdicts:
        word = "kept" if verdict.is_kept else "BROKEN"
        lines.append(f"| {verdict.what} | {verdict.promised} | {verdict.found} | {word} |")
    for verdict in verdicts:
        if not verdict.is_kept and verdict.concerned:
            more = f" and {len(verdict.concerned) - SHOWN} more" if len(verdict.concerned) > SHOWN else ""
            lines.append(f"{verdict.what}: {'; '.join(verdict.concerned[:SHOWN])}{more}")
    return "\n".join(lines)
