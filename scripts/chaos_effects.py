"""The effects of the kill matrix: how each is provoked, when it is over, and how its loss or doubling is seen."""

from collections.abc import Callable
from dataclasses import dataclass

import chaos_promises
from chaos_promises import Evidence
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
    count: Callable[[Evidence], Count]
    # Whether this system has it at all.
    is_built: Callable[[World], bool] = lambda _: True
    prepare: Callable[[World], None] = lambda _: None
    # What provokes it once the orders are so far; None: the orders themselves do.
    follow_up: Callable[[Shop, Orders], None] | None = None
    is_ready: Callable[[World, Orders], bool] = lambda *_: True
    is_done: Callable[[World, Orders], bool] = lambda world, orders: are_terminal(world, orders)
    clean_up: Callable[[World], None] = lambda _: None


def are_terminal(world: World, orders: Orders) -> bool:
    ended = world.cluster.number(
        f"SELECT count(*) FROM orders.shop_order WHERE shopify_order_id IN ({','.join(orders)}) "
        f"AND status IN ({','.join(repr(status) for status in sorted(chaos_promises.TERMINAL))})")
    return ended == len(orders)


def count_items(evidence: Evidence) -> Count:
    of_order: dict[str, list[bool]] = {order: [] for order in evidence.orders}
    twice: list[str] = []
    taken_back = 0
    for reference, items in evidence.items.items():
        order = evidence.order_of_print.get(chaos_promises.print_of(reference), "")
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


def count_parcels(evidence: Evidence) -> Count:
    live = {order: sum(not parcel["cancelled"] for parcel in evidence.parcels.get(order, ()))
            for order in evidence.orders}
    every = sum(len(evidence.parcels.get(order, ())) for order in evidence.orders)
    return ([order for order, count in live.items() if count == 0],
            [order for order, count in live.items() if count > 1], every - sum(live.values()))


def count_fulfilments(evidence: Evidence) -> Count:
    """A second create is never taken back: the customer was told by the first."""
    made = {order: len(evidence.fulfilments.get(order, ())) for order in evidence.orders}
    return [order for order, count in made.items() if count == 0], [o for o, count in made.items() if count > 1], 0


def count_removals(evidence: Evidence) -> Count:
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


def has_removals(world: World) -> bool:
    """The removal is an effect of its own where migrations or code name it: asked of the program itself."""
    return b"simplyprint.queue-item-removal" in (world.plan.binaries / "forma3d").read_bytes()


def no(_: World) -> bool:
    return False


EFFECTS = (
    Effect("simplyprint.queue-item", "simplyprint", "queue/AddItem", count_items),
    Effect("simplyprint.queue-item-removal", "simplyprint", "queue/DeleteItem", count_removals,
           is_built=has_removals, prepare=stop_printers, follow_up=cancel_all, is_ready=are_queued,
           is_done=are_taken_back, clean_up=start_printers),
    Effect("simplyprint.file", "simplyprint", "files/Upload", count_removals, is_built=no),
    Effect("sendcloud.parcel", "sendcloud", "createParcel", count_parcels),
    Effect("shopify.fulfilment", "shopify", "fulfillmentCreate", count_fulfilments),
    Effect("mail", "mail", "*", count_removals, is_built=no),
    Effect("push", "push", "*", count_removals, is_built=no),
)
