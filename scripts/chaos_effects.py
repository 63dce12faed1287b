"""The effects of the kill matrix: how each is provoked, when it is over, and how its loss or doubling is seen."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import chaos_promises
from chaos_promises import Evidence, print_of
from chaos_shop import Order, Shop
from chaos_world import World

Orders = dict[str, Order]
# Lost, duplicated, and how many were made once too often and taken back.
Count = tuple[list[str], list[str], int]


@dataclass(frozen=True)
class Effect:
    kind: str
    vendor: str
    # The vendor's call, as the sandbox's faults name it.
    call: str
    count: Callable[[World, Evidence], Count]
    # Whether this system has it at all.
    is_built: Callable[[World], bool] = lambda _: True
    prepare: Callable[[World], None] = lambda _: None
    # What provokes it once the orders are so far; None: the orders themselves do.
    follow_up: Callable[[Shop, Orders], None] | None = None
    is_ready: Callable[[World, Orders], bool] = lambda *_: True
    is_done: Callable[[World, Orders], bool] = lambda world, orders: are_terminal(world, orders)
    clean_up: Callable[[World], None] = lambda _: None
    # Whose orders come to their end; a notice's wait for the operator who is told.
    ends_orders: bool = True
    order_kind: str = "single"


def are_terminal(world: World, orders: Orders) -> bool:
    ended = world.cluster.number(
        f"SELECT count(*) FROM orders.shop_order WHERE shopify_order_id IN ({','.join(orders)}) "
        f"AND status IN ({','.join(repr(status) for status in sorted(chaos_promises.TERMINAL))})")
    return ended == len(orders)


def count_items(_: World, evidence: Evidence) -> Count:
    of_order: dict[str, list[bool]] = {order: [] for order in evidence.orders}
    twice: list[str] = []
    taken_back = 0
    for reference, items in evidence.items.items():
        order = evidence.order_of_print.get(print_of(reference), "")
        if order not in of_order:
            continue
        live = sum(not item["deleted"] for item in items)
        of_order[order].append(live > 0)
        printed = evidence.prints.get(reference, {})
        if live > 1 or printed.get("finished", 0) + printed.get("ongoing", 0) > 1:
            twice.append(reference)
        taken_back += len(items) - live
    wanted = {order.id: order.prints for order in evidence.known}
    lost = [order for order, found in of_order.items() if sum(found) < wanted[order]]
    twice += [order for order, found in of_order.items() if sum(found) > wanted[order]]
    return lost, twice, taken_back


def count_parcels(_: World, evidence: Evidence) -> Count:
    live = {order: sum(not parcel["cancelled"] for parcel in evidence.parcels.get(order, ()))
            for order in evidence.orders}
    every = sum(len(evidence.parcels.get(order, ())) for order in evidence.orders)
    return ([order for order, count in live.items() if count == 0],
            [order for order, count in live.items() if count > 1], every - sum(live.values()))


def count_fulfilments(_: World, evidence: Evidence) -> Count:
    """A second create is never taken back: the customer was told by the first."""
    made = {order: len(evidence.fulfilments.get(order, ())) for order in evidence.orders}
    return [order for order, count in made.items() if count == 0], [o for o, count in made.items() if count > 1], 0


def count_removals(_: World, evidence: Evidence) -> Count:
    """An item that is still in the queue was not removed; removing one twice does nothing."""
    return list(chaos_promises.left_in_queue(evidence).concerned), [], 0


def stop_printers(world: World) -> None:
    world.sandbox.control("settings", {"simplyprint": {"autoPrint": False}})


def start_printers(world: World) -> None:
    world.sandbox.control("settings", {"simplyprint": {"autoPrint": True}})


def are_queued(world: World, orders: Orders) -> bool:
    queued = world.cluster.number(
        "SELECT count(*) FROM printing.print_job p JOIN orders.shop_order o ON o.id = p.order_id "
        f"WHERE p.state = 'queued' AND o.shopify_order_id IN ({','.join(orders)})")
    return queued == sum(order.prints for order in orders.values())


def cancel_all(shop: Shop, orders: Orders) -> None:
    for order in orders.values():
        shop.cancel(order)


def are_taken_back(world: World, orders: Orders) -> bool:
    open_prints = world.cluster.number(
        "SELECT count(*) FROM printing.print_job p JOIN orders.shop_order o ON o.id = p.order_id "
        f"WHERE p.state <> 'cancelled' AND o.shopify_order_id IN ({','.join(orders)})")
    return open_prints == 0 and are_terminal(world, orders)


def copies_of_mail(world: World) -> Counter[str]:
    """By reference: `<reference@sender's domain>` is its Message-ID."""
    mails = world.sandbox.look("ledger")["mail"]["mails"]
    return Counter(print_of(mail["messageId"].removeprefix("<")) for mail in mails if mail["messageId"])


def copies_of_push(world: World) -> Counter[str]:
    """The topic is the reference's UUID without its hyphens."""
    messages = world.sandbox.look("ledger")["push"]["messages"]
    return Counter(str(uuid.UUID(message["topic"])) for message in messages if message["topic"])


def notices(world: World, kind: str, orders: Iterable[str]) -> list[list[str]]:
    """Reference, state and order of each intent."""
    return world.cluster.rows(
        "SELECT e.reference, e.state, o.shopify_order_id FROM jobs.effect e JOIN orders.shop_order o "
        f"ON o.id = e.subject WHERE e.kind = '{kind}' AND o.shopify_order_id IN ({','.join(orders)})")


def counting(kind: str, copies: Callable[[World], Counter[str]]) -> Callable[[World, Evidence], Count]:
    """At most one copy of each intent, and one where it is `done`; where it is not known, nobody sends it again."""
    def count(world: World, evidence: Evidence) -> Count:
        intents = notices(world, kind, evidence.orders)
        found = copies(world)
        told = {order for _, _, order in intents}
        lost = [order for order in evidence.orders if order not in told]
        lost += [reference for reference, state, _ in intents if state == "done" and not found[print_of(reference)]]
        return lost, [reference for reference, _, _ in intents if found[print_of(reference)] > 1], 0

    return count


def settling(kind: str) -> Callable[[World, Orders], bool]:
    def are_settled(world: World, orders: Orders) -> bool:
        intents = notices(world, kind, orders)
        return len({order for _, _, order in intents}) == len(orders) and all(
            state not in ("planned", "sent") for _, state, _ in intents)

    return are_settled


def subscribe(world: World) -> None:
    """One browser, once."""
    if world.cluster.number("SELECT count(*) FROM notify.push_subscription") == 0:
        world.servers[1].call("POST", "/api/v1/push/subscriptions", world.sandbox.control("push/subscriptions", {}))


def names(text: bytes) -> Callable[[World], bool]:
    """Whether the program knows that word: what is not built yet must not pass for kept."""
    return lambda world: text in (world.plan.binaries / "forma3d").read_bytes()


def nothing(*_: object) -> Count:
    return [], [], 0


EFFECTS = (
    Effect("simplyprint.queue-item", "simplyprint", "queue/AddItem", count_items),
    Effect("simplyprint.queue-item-removal", "simplyprint", "queue/DeleteItem", count_removals,
           is_built=names(b"simplyprint.queue-item-removal"), prepare=stop_printers, follow_up=cancel_all,
           is_ready=are_queued, is_done=are_taken_back, clean_up=start_printers),
    # Uploads are provoked through a route that does not exist yet.
    Effect("simplyprint.file", "simplyprint", "files/Upload", nothing, is_built=lambda _: False),
    Effect("sendcloud.parcel", "sendcloud", "createParcel", count_parcels),
    Effect("shopify.fulfilment", "shopify", "fulfillmentCreate", count_fulfilments),
    Effect("mail", "mail", "*", counting("mail", copies_of_mail), is_built=names(b"notifications.send-mail"),
           is_done=settling("mail"), ends_orders=False, order_kind="never mapped"),
    Effect("push", "push", "*", counting("push", copies_of_push), is_built=names(b"notifications.send-push"),
           prepare=subscribe, is_done=settling("push"), ends_orders=False, order_kind="never mapped"),
)
