-- Print jobs, their attempts at the farm, and which plan of an order they follow. New tables only.
CREATE SCHEMA printing;

-- The newest plan of an order that was carried out; an older one that comes late changes nothing.
CREATE TABLE printing.order_plan (
    order_id uuid PRIMARY KEY,
    version bigint NOT NULL
);

CREATE TABLE printing.print_job (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    line_item_id uuid NOT NULL,
    part_number smallint NOT NULL CHECK (part_number > 0),
    copy_number integer NOT NULL CHECK (copy_number > 0),
    part_name text NOT NULL,
    order_number text NOT NULL,
    simplyprint_file_id text NOT NULL,
    print_profile text,
    state text NOT NULL CHECK (state IN ('planned', 'intent', 'queued', 'assigned', 'printing', 'done', 'failed',
        'cancelled', 'unknown')),
    attempt integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    -- Not wanted any more: the order was cancelled or the quantity lowered.
    is_withdrawn boolean NOT NULL DEFAULT false,
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT print_job_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) IN (0, 4))
);

-- One copy is printed by one print job; a withdrawn one makes room for a new wish.
CREATE UNIQUE INDEX print_job_copy ON printing.print_job (line_item_id, part_number, copy_number)
    WHERE NOT is_withdrawn;
CREATE INDEX print_job_order ON printing.print_job (order_id);
CREATE INDEX print_job_open ON printing.print_job (state, id DESC);

-- SimplyPrint has three kinds of ids with overlapping numbers (contracts §1.2): kept apart, each unique.
CREATE TABLE printing.attempt (
    print_job_id uuid NOT NULL REFERENCES printing.print_job (id) ON DELETE CASCADE,
    attempt integer NOT NULL CHECK (attempt > 0),
    reference text NOT NULL UNIQUE,
    queue_item_id bigint UNIQUE,
    job_id bigint,
    job_uid text UNIQUE,
    printer_id bigint,
    printer_name text,
    queued_at timestamptz,
    observed_at timestamptz,
    -- Since when the farm knows nothing of it any more.
    missing_since timestamptz,
    is_closed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (print_job_id, attempt)
);

CREATE INDEX attempt_open ON printing.attempt (queued_at) WHERE NOT is_closed;

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('order.created', 'printing', 'printing.plan'),
    ('order.updated', 'printing', 'printing.plan'),
    ('order.status_changed', 'printing', 'printing.plan'),
    ('order.cancelled', 'printing', 'printing.plan');
