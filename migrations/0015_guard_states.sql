-- Why: transitions are guarded by state and version (DESIGN §3.7): a writer that read an older row is refused. Facts get
--   what their order of arrival must not decide: the attempt of a print, the carrier's times, the moment and content of
--   a payload. An operator can mark a finished print as bad.
-- Locks: each ALTER takes ACCESS EXCLUSIVE for a moment; constant defaults rewrite nothing.
-- Previous binary: does not know the columns and goes on; what it writes into the sets counts as of the first attempt.

ALTER TABLE orders.shop_order
    ADD COLUMN row_version bigint NOT NULL DEFAULT 0,
    -- Of two payloads of one second the one that was set off later wins, and of two equal ones always the same.
    ADD COLUMN shop_triggered_at timestamptz,
    ADD COLUMN content_rank bigint NOT NULL DEFAULT 0;

-- Of print jobs that an order has heard of: the newest attempt, and the most that is known of it.
CREATE TABLE orders.print_fact (
    print_job_id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders.shop_order (id) ON DELETE CASCADE,
    attempt integer NOT NULL CHECK (attempt > 0),
    -- 0 wanted, 1 failed, 2 cancelled, 3 printed, 4 bad: a higher one of the same attempt outranks.
    outcome smallint NOT NULL CHECK (outcome BETWEEN 0 AND 4),
    line_item_id uuid,
    part_number smallint,
    copy_number integer,
    CONSTRAINT print_fact_copy CHECK (num_nonnulls(line_item_id, part_number, copy_number) IN (0, 3)),
    CONSTRAINT print_fact_printed CHECK (outcome NOT IN (3, 4) OR line_item_id IS NOT NULL)
);
CREATE INDEX print_fact_order ON orders.print_fact (order_id);

ALTER TABLE printing.print_job ADD COLUMN row_version bigint NOT NULL DEFAULT 1;
-- What an operator found wrong with a print that had been finished.
ALTER TABLE printing.attempt ADD COLUMN bad_reason text CHECK (length(bad_reason) BETWEEN 1 AND 500);

ALTER TABLE shipping.shipment
    ADD COLUMN row_version bigint NOT NULL DEFAULT 1,
    -- The carrier's clock of the newest word of each kind.
    ADD COLUMN in_transit_at timestamptz,
    ADD COLUMN parcel_problem_at timestamptz,
    ADD COLUMN delivered_at timestamptz,
    ADD COLUMN cancelled_at timestamptz;
-- What was said before the words had times.
UPDATE shipping.shipment SET
    in_transit_at = CASE WHEN state = 'handed_over' THEN observed_at END,
    parcel_problem_at = CASE WHEN state = 'exception' THEN observed_at END,
    delivered_at = CASE WHEN state = 'delivered' THEN observed_at END,
    cancelled_at = CASE WHEN state = 'cancelled' AND parcel_id IS NOT NULL THEN observed_at END
WHERE state IN ('handed_over', 'exception', 'delivered', 'cancelled');

ALTER TABLE fulfilment.fulfilment ADD COLUMN row_version bigint NOT NULL DEFAULT 1;

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('printjob.marked_bad', 'orders', 'orders.note-print-marked-bad');
