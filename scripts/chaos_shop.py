"""The shop of the chaos runner: its products, and orders of every kind, all chosen by the seed."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench_servers import Trouble
from chaos_programs import CallFailed, call
from chaos_world import World, wait

# SKU → prints of each part for one piece. One is mapped late, one never.
PRODUCTS = {"CLIP-1": (1,), "BOX-4": (1, 1, 2, 1), "TRAY-3": (3,), "LATE-1": (1,), "NEVER-1": (1,)}
MAPPED_SKUS = ("CLIP-1", "BOX-4", "TRAY-3")
UNMAPPED_SKU = "LATE-1"
MAPPING_SECONDS_MAXIMUM = 60

# What becomes of an order: kind → (SKU, pieces).
KINDS = {
    "single": ("CLIP-1", 1), "several": ("CLIP-1", 3), "multi-part": ("BOX-4", 1), "copies": ("TRAY-3", 1),
    "unmapped": (UNMAPPED_SKU, 1), "never mapped": ("NEVER-1", 1), "cancelled": ("TRAY-3", 1), "edited": ("CLIP-1", 1), "repeated": ("CLIP-1", 1),
}


@dataclass(frozen=True)
class Entry:
    """An order to be placed so many seconds after the start; what follows comes so much later."""

    at_seconds: float
    kind: str
    follow_up_seconds: float


@dataclass
class Order:
    id: str
    name: str
    kind: str
    prints: int
    is_cancelled: bool = False


def schedule(count: int, seconds: float, weights: dict[str, int], seed: str) -> list[Entry]:
    """Evenly spread with some chance, so that a seed always means the same orders."""
    chance = random.Random(f"orders {seed}")
    kinds = chance.choices(list(weights), list(weights.values()), k=count)
    times = sorted(chance.uniform(0, seconds) for _ in range(count))
    return [Entry(at, kind, chance.uniform(0.05, 3)) for at, kind in zip(times, kinds)]


class Shop:
    def __init__(self, world: World) -> None:
        self._world = world
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.orders: dict[str, Order] = {}

    def map_products(self, *skus: str) -> None:
        """Through any server that answers; a mapping that is there already is as good."""
        for sku in skus:
            if not wait(lambda: self._is_mapped(sku), MAPPING_SECONDS_MAXIMUM):
                raise Trouble(f"the mapping of {sku} cannot be made")

    def place(self, kind: str, follow_up_at: float = 0, is_told: bool = True) -> Order:
        """Not told: as if all its webhooks were lost."""
        sku, pieces = KINDS[kind]
        placed = self._world.sandbox.control(
            "orders", {"lines": [{"sku": sku, "quantity": pieces}], "deliver": is_told})
        order = Order(placed["id"], placed["name"], kind, sum(PRODUCTS[sku]) * pieces)
        self.orders[order.id] = order
        follow_up = {"cancelled": self.cancel, "edited": self.edit, "repeated": self.repeat}.get(kind)
        if follow_up:
            self._due.append((follow_up_at, lambda: follow_up(order)))
        return order

    def follow_up(self, now: float) -> None:
        """Cancels, edits and repeats what is due."""
        due = [entry for entry in self._due if entry[0] <= now]
        self._due = [entry for entry in self._due if entry[0] > now]
        for _, act in due:
            act()

    def cancel(self, order: Order) -> None:
        self._world.sandbox.control(f"orders/{order.id}/cancel", {})
        order.is_cancelled = True

    def edit(self, order: Order) -> None:
        """Another e-mail address, as a merchant corrects one in the admin."""
        body: dict[str, Any] = self._world.sandbox.look(f"orders/{order.id}")
        body["email"] = body["contact_email"] = f"corrected.{order.id}@example.com"
        later = datetime.fromisoformat(body["updated_at"]) + timedelta(seconds=1)
        body["updated_at"] = later.isoformat(timespec="seconds")
        self._world.sandbox.control("orders?topics=orders/updated", body)

    def repeat(self, order: Order) -> None:
        for topic in ("orders/updated", "orders/paid"):
            self._world.sandbox.control(f"orders/{order.id}/announce", {"topic": topic})

    def _is_mapped(self, sku: str) -> bool:
        parts = [
            {"partName": f"{sku} part {number}", "partNumber": number, "quantityPerProduct": quantity,
             "simplyPrintFileId": f"ab{number}c" * 8}
            for number, quantity in enumerate(PRODUCTS[sku], 1)
        ]
        mapping = {"sku": sku, "productName": sku, "weightGrams": 250, "parts": parts}
        for server in self._world.servers:
            try:
                call(server.port, "POST", "/api/v1/product-mappings", mapping)
                return True
            except CallFailed as failure:
                if failure.status == 409:
                    return True
            except OSError:
                continue
        return False
