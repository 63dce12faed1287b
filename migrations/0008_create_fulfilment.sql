-- Shopify fulfilments, one per order and location. New tables only.
CREATE SCHEMA fulfilment;

CREATE TABLE fulfilment.order_plan (
    order_id uuid PRIMARY KEY,
    order_number text NOT NULL,
    -- Every fulfilment of the order is planned; it is fulfilled when all of them are made.
    is_complete boolean NOT NULL DEFAULT false,
    fulfilled_at timestamptz,
    -- How often it was planned anew because Shopify refused what was planned; an operator's retry starts at 0.
    replans integer NOT NULL DEFAULT 0 CHECK (replans >= 0),
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    CONSTRAINT order_plan_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) IN (0, 4))
);

CREATE TABLE fulfilment.fulfilment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES fulfilment.order_plan (order_id),
    location_id bigint NOT NULL,
    generation integer NOT NULL DEFAULT 1 CHECK (generation > 0),
    state text NOT NULL CHECK (state IN ('planned', 'intent', 'created', 'tracking_sent', 'unknown')),
    shopify_fulfillment_id bigint UNIQUE CHECK (shopify_fulfillment_id > 0),
    tracking_number text,
    tracking_company text,
    tracking_url text,
    notifies_customer boolean NOT NULL,
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fulfilment_made CHECK (state NOT IN ('created', 'tracking_sent') OR shopify_fulfillment_id IS NOT NULL),
    CONSTRAINT fulfilment_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) IN (0, 4))
);

-- What leaves one location is fulfilled in one call (contracts: Shopify §2.4); Shopify may move more there afterwards.
CREATE UNIQUE INDEX fulfilment_of_location ON fulfilment.fulfilment (order_id, location_id)
    WHERE state NOT IN ('created', 'tracking_sent');

CREATE INDEX fulfilment_by_order ON fulfilment.fulfilment (order_id);

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('order.ready-for-fulfillment', 'fulfilment', 'fulfilment.plan'),
    ('shipment.created', 'fulfilment', 'fulfilment.plan'),
    -- Paid again, or what was added is printed.
    ('order.updated', 'fulfilment', 'fulfilment.plan');
