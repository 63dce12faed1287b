"""The effects of the kill matrix: how each is provoked, when it is over, and how its loss or doubling is seen."""

import pathlib
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
    is_built: Callable[[pathlib.Path], bool] = lambda _: True
    prepare: Callable[[World], None] = lambda _: None
    # What provokes it once the orders are so far; None: the orders themselves do.
    follow_up: Callable[[Shop, Orders], None] | None = None
    is_ready: Callable[[World, Orders], bool] = lambda *_: True
    is_done: Callable[[World, Orders], bool] = lambda world, orders: are_terminal(world, orders)
    # Whose orders come to their end; a notice's wait for the operator who is told.
    ends_orders: bool = True
    # What one job begins with.
    place: Callable[[World, Shop], Order] = lambda _, shop: shop.place("single")
    # The cell's own, as a condition on `jobs.effect e`.
    scope: Callable[[Orders], str] = lambda orders: of_orders(orders)


def of_orders(orders: Iterable[str]) -> str:
    return f"e.subject IN (SELECT id FROM orders.shop_order WHERE shopify_order_id IN ({','.join(orders)}))"


def of_files(files: Iterable[str]) -> str:
    return f"left(e.reference, 36) IN ({quoted(files)})"


def quoted(texts: Iterable[str]) -> str:
    return ",".join(f"'{text}'" for text in texts)


def are_terminal(world: World, orders: Orders) -> bool:
    ended = world.cluster.number(
        f"SELECT count(*) FROM orders.shop_order WHERE shopify_order_id IN ({','.join(orders)}) "
        f"AND status IN ({quoted(sorted(chaos_promises.TERMINAL))})")
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
        f"ON o.id = e.subject WHERE e.kind = '{kind}' AND {of_orders(orders)}")


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
    """One browser."""
    world.servers[1].call("POST", "/api/v1/push/subscriptions", world.sandbox.control("push/subscriptions", {}))


def bring_file(world: World, _: Shop) -> Order:
    """A file of its own, with a name nobody else has."""
    name = f"part-{uuid.uuid4().hex}.gcode"
    file = world.servers[1].call("POST", f"/api/v1/print-files?name={name}", f"; {name}\nG28\n".encode())
    return Order(file["id"], name, "file", 0)


def are_stored(world: World, files: Orders) -> bool:
    stored = world.cluster.number(
        f"SELECT count(*) FROM printing.print_file WHERE state = 'stored' AND id IN ({quoted(files)})")
    return stored == len(files)


def count_files(world: World, evidence: Evidence) -> Count:
    """At SimplyPrint a file's name begins with ours. A second copy of a process that was frozen between the look and the
    wire prints nothing and costs nothing, and the API cannot delete it: it is told among the brief doubles."""
    kept = [file["name"] for file in world.sandbox.look("ledger")["simplyprint"]["files"]]
    copies = {file.name: sum(name.startswith(file.name.removesuffix(".gcode")) for name in kept)
              for file in evidence.orders.values()}
    return [name for name, count in copies.items() if count == 0], [], sum(max(0, count - 1) for count in copies.values())


def place_unmapped(_: World, shop: Shop) -> Order:
    """Nobody ever says how to print it, so an operator is told."""
    return shop.place("never mapped")


def names(text: bytes) -> Callable[[pathlib.Path], bool]:
    """Whether the program knows that word: what is not built yet must not pass for kept."""
    return lambda binaries: text in (binaries / "forma3d").read_bytes()


EFFECTS = (
    Effect("simplyprint.queue-item", "simplyprint", "queue/AddItem", count_items),
    Effect("simplyprint.queue-item-removal", "simplyprint", "queue/DeleteItem", count_removals,
           is_built=names(b"simplyprint.queue-item-removal"), prepare=stop_printers, follow_up=cancel_all,
           is_ready=are_queued, is_done=are_taken_back),
    Effect("simplyprint.file", "simplyprint", "files/Upload", count_files, is_built=names(b"/api/v1/print-files"),
           place=bring_file, is_done=are_stored, scope=of_files, ends_orders=False),
    Effect("sendcloud.parcel", "sendcloud", "createParcel", count_parcels),
    Effect("shopify.fulfilment", "shopify", "fulfillmentCreate", count_fulfilments),
    Effect("mail", "mail", "*", counting("mail", copies_of_mail), is_built=names(b"notifications.send-mail"),
           is_done=settling("mail"), ends_orders=False, place=place_unmapped),
    Effect("push", "push", "*", counting("push", copies_of_push), is_built=names(b"notifications.send-push"),
           prepare=subscribe, is_done=settling("push"), ends_orders=False, place=place_unmapped),
)
