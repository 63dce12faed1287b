-- Why: an order is not lost when its webhook is: how far the shop was compared with us, and which orders the shop
-- deleted before we had heard of them (a later orders/create must not bring them back).
-- Locks: none that matter, everything here is new.
-- Previous binary: knows none of it and still works.

CREATE TABLE orders.reconciliation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- When this system first looked: what the shop has not touched since is none of its business.
    started_at timestamptz NOT NULL,
    -- The newest updated_at, by the shop's clock, up to which every order is known to be here.
    watermark timestamptz NOT NULL,
    finished_at timestamptz,
    swept_at timestamptz
);

-- Tombstones.
CREATE TABLE orders.deleted_order (
    shopify_order_id bigint PRIMARY KEY CHECK (shopify_order_id > 0),
    deleted_at timestamptz NOT NULL
);
