-- Orders of the shop, their lines, and the set of what is printed of them. New tables only.
CREATE SCHEMA orders;

CREATE TABLE orders.shop_order (
    id uuid PRIMARY KEY,
    shopify_order_id bigint NOT NULL CHECK (shopify_order_id > 0),
    order_number text NOT NULL,
    status text NOT NULL CHECK (status IN ('received', 'validated', 'mapped', 'needs_mapping', 'in_production',
        'partially_printed', 'printed', 'packing', 'shipped', 'fulfilled', 'closed', 'on_hold', 'cancel_requested',
        'cancelled', 'failed')),
    -- Newer payloads win: compared as (shop_updated_at, cancelled, payment_rank).
    shop_updated_at timestamptz NOT NULL,
    payment_rank smallint NOT NULL,
    financial_status text,
    -- The shop's word: fulfilled here, or by somebody else.
    shop_fulfillment_status text,
    is_test boolean NOT NULL,
    cancelled_at timestamptz,
    currency text NOT NULL CHECK (length(currency) BETWEEN 1 AND 3),
    total_price numeric,
    customer_name text,
    email text,
    phone text,
    shipping_address jsonb,
    raw jsonb,
    ordered_at timestamptz NOT NULL,
    -- Facts, each set once; the status is derived from them.
    production_started_at timestamptz,
    ready_at timestamptz,
    shipped_at timestamptz,
    fulfilled_at timestamptz,
    production_version bigint NOT NULL DEFAULT 1 CHECK (production_version > 0),
    attention_code text,
    attention_reason text,
    attention_action text,
    attention_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT shop_order_shopify_order_id_key UNIQUE (shopify_order_id),
    CONSTRAINT shop_order_cancelled CHECK (status <> 'cancelled' OR cancelled_at IS NOT NULL),
    CONSTRAINT shop_order_fulfilled CHECK (status <> 'fulfilled' OR fulfilled_at IS NOT NULL),
    CONSTRAINT shop_order_attention CHECK
        (num_nonnulls(attention_code, attention_reason, attention_action, attention_since) IN (0, 4))
);

CREATE INDEX shop_order_status ON orders.shop_order (status, id DESC);
CREATE INDEX shop_order_number ON orders.shop_order (order_number);

CREATE TABLE orders.line_item (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders.shop_order (id) ON DELETE CASCADE,
    shopify_line_item_id bigint NOT NULL CHECK (shopify_line_item_id > 0),
    position integer NOT NULL,
    title text NOT NULL,
    sku text,
    shopify_product_id bigint,
    shopify_variant_id bigint,
    quantity integer NOT NULL CHECK (quantity >= 0),
    current_quantity integer NOT NULL CHECK (current_quantity >= 0),
    -- Of the quantity, what somebody else had fulfilled when the order was first seen.
    fulfilled_before integer NOT NULL DEFAULT 0 CHECK (fulfilled_before >= 0),
    price numeric,
    skipped_because text CHECK (skipped_because IN ('gift-card', 'tip', 'no-shipping')),
    properties jsonb NOT NULL DEFAULT '[]',
    state text NOT NULL CHECK (state IN ('pending', 'mapped', 'printing', 'done', 'failed', 'cancelled')),
    -- What it was mapped to, as it was then: a later change of the mapping does not change what was ordered.
    product_mapping_id uuid,
    weight_grams integer CHECK (weight_grams > 0),
    parts jsonb,
    CONSTRAINT line_item_of_order UNIQUE (order_id, shopify_line_item_id),
    CONSTRAINT line_item_mapped CHECK (num_nonnulls(product_mapping_id, weight_grams, parts) IN (0, 3))
);

CREATE INDEX line_item_unmapped ON orders.line_item (order_id)
    WHERE product_mapping_id IS NULL AND skipped_because IS NULL;

-- "All parts done" is a set, not a number (DESIGN §3.6).
CREATE TABLE orders.finished_part (
    line_item_id uuid NOT NULL REFERENCES orders.line_item (id) ON DELETE CASCADE,
    part_number smallint NOT NULL,
    copy_number integer NOT NULL,
    print_job_id uuid NOT NULL UNIQUE,
    finished_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (line_item_id, part_number, copy_number)
);

CREATE TABLE orders.failed_print_job (
    print_job_id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders.shop_order (id) ON DELETE CASCADE
);

CREATE INDEX failed_print_job_order ON orders.failed_print_job (order_id);

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('printjob.created', 'orders', 'orders.note-print-created'),
    ('printjob.completed', 'orders', 'orders.note-print-completed'),
    ('printjob.failed', 'orders', 'orders.note-print-failed'),
    ('printjob.retry_requested', 'orders', 'orders.note-print-retry'),
    ('printjob.cancelled', 'orders', 'orders.note-print-cancelled'),
    ('shipment.created', 'orders', 'orders.note-shipment'),
    ('order.fulfilled', 'orders', 'orders.note-fulfilled'),
    ('product-mapping.created', 'orders', 'orders.resume-lines'),
    ('product-mapping.updated', 'orders', 'orders.resume-lines');
