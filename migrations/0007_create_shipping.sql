-- Parcels and their labels. New tables only.
CREATE SCHEMA shipping;

CREATE TABLE shipping.shipment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    generation integer NOT NULL DEFAULT 1 CHECK (generation > 0),
    state text NOT NULL CHECK (state IN ('planned', 'intent', 'created', 'label_ready', 'handed_over', 'delivered',
        'exception', 'cancelled', 'unknown')),
    parcel_id bigint CHECK (parcel_id > 0),
    carrier_code text,
    tracking_number text,
    tracking_url text,
    label_url text,
    label_digest text,
    weight_grams integer NOT NULL CHECK (weight_grams > 0),
    -- The label as it was last asked for: tells whether a changed order needs another one. Null: never asked for.
    request jsonb,
    carrier_status text,
    -- The carrier's clock of the last status taken: statuses come scrambled (contracts §2.5).
    observed_at timestamptz,
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- One parcel an order; a further one would be a decision of its own.
    CONSTRAINT shipment_of_order UNIQUE (order_id),
    CONSTRAINT shipment_parcel UNIQUE (parcel_id),
    CONSTRAINT shipment_label CHECK (state NOT IN ('label_ready', 'handed_over', 'delivered') OR label_digest IS NOT NULL),
    CONSTRAINT shipment_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) IN (0, 4))
);

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('order.ready-for-fulfillment', 'shipping', 'shipping.plan'),
    ('order.updated', 'shipping', 'shipping.plan'),
    -- A label that is not bought yet is taken back.
    ('order.cancelled', 'shipping', 'shipping.plan');
