-- Why: the durable queue, the event log, schedules, vendor budgets and once-only effects (DESIGN §3.2 to 3.5, 3.9).
-- Locks: none that matter, everything here is new.
-- Previous binary: knows none of it and still works.

CREATE SCHEMA jobs;

-- The one clock for decisions (DESIGN §3.9). A test moves it by changing the one row; in production it stays at zero.
CREATE TABLE jobs.clock_shift (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    shift interval NOT NULL DEFAULT interval '0'
);
INSERT INTO jobs.clock_shift DEFAULT VALUES;

CREATE FUNCTION jobs.clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT statement_timestamp() + shift FROM jobs.clock_shift $$;

-- One fence for the whole system: every claim takes the next number, so of two owners the later one always has the
-- higher. CACHE 1, because cached numbers would be handed out of order.
CREATE SEQUENCE jobs.fence AS bigint CACHE 1;

CREATE TABLE jobs.job (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    state text NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
    -- Lower first.
    priority integer NOT NULL DEFAULT 100,
    run_at timestamptz NOT NULL DEFAULT jobs.clock(),
    claims integer NOT NULL DEFAULT 0 CHECK (claims >= 0),
    -- Answers that said "wrong": each spends one of the retries.
    wrong_count integer NOT NULL DEFAULT 0 CHECK (wrong_count >= 0),
    -- Answers that said "not now" since the last other one: they spend time, not retries.
    not_now_count integer NOT NULL DEFAULT 0 CHECK (not_now_count >= 0),
    first_not_now_at timestamptz,
    -- How often a worker died or froze with it in hand.
    rescues integer NOT NULL DEFAULT 0 CHECK (rescues >= 0),
    fence bigint NOT NULL DEFAULT 0,
    claimed_at timestamptz,
    lease_until timestamptz,
    worker uuid,
    -- Unique among ready jobs: while one waits, a second is not needed.
    unique_key text CHECK (length(unique_key) BETWEEN 1 AND 300),
    -- At most conc_limit running jobs share a key: each holds a slot of its own, 1 to conc_limit.
    conc_key text CHECK (length(conc_key) BETWEEN 1 AND 300),
    conc_limit integer CHECK (conc_limit > 0),
    conc_slot integer,
    subject uuid,
    correlation_id text NOT NULL,
    payload jsonb NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT jobs.clock(),
    finished_at timestamptz,
    CONSTRAINT job_running_has_lease CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT job_running_has_worker CHECK ((state = 'running') = (worker IS NOT NULL)),
    CONSTRAINT job_running_was_claimed CHECK (state <> 'running' OR (claimed_at IS NOT NULL AND fence > 0)),
    CONSTRAINT job_ended_has_time CHECK ((state IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL)),
    CONSTRAINT job_not_now_has_start CHECK ((not_now_count > 0) = (first_not_now_at IS NOT NULL)),
    CONSTRAINT job_key_has_limit CHECK ((conc_key IS NULL) = (conc_limit IS NULL)),
    CONSTRAINT job_running_key_has_slot
        CHECK ((conc_slot IS NOT NULL) = (state = 'running' AND conc_key IS NOT NULL)),
    CONSTRAINT job_slot_within_limit CHECK (conc_slot BETWEEN 1 AND conc_limit)
) WITH (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0
);

-- The claim reads the heads of these two; done rows are not in them, so its cost does not grow with history.
CREATE INDEX job_ready ON jobs.job (priority, run_at, id) WHERE state = 'ready' AND conc_key IS NULL;
CREATE INDEX job_ready_keyed ON jobs.job (priority, run_at, id) WHERE state = 'ready' AND conc_key IS NOT NULL;
-- When the next delayed one is due. Only those that were ever delayed, so that no claim is tempted to read it.
CREATE INDEX job_delayed ON jobs.job (run_at) WHERE state = 'ready' AND run_at > created_at;
CREATE INDEX job_lease ON jobs.job (lease_until) WHERE state = 'running';
CREATE UNIQUE INDEX job_unique_ready ON jobs.job (unique_key) WHERE unique_key IS NOT NULL AND state = 'ready';
CREATE UNIQUE INDEX job_slot ON jobs.job (conc_key, conc_slot) WHERE conc_key IS NOT NULL AND state = 'running';
CREATE INDEX job_finished ON jobs.job (finished_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX job_dead ON jobs.job (finished_at) WHERE state = 'dead';
CREATE INDEX job_subject ON jobs.job (subject) WHERE subject IS NOT NULL AND state IN ('ready', 'running', 'dead');

-- What became of each claim, off the hot row.
CREATE TABLE jobs.attempt (
    job_id bigint NOT NULL REFERENCES jobs.job (id) ON DELETE CASCADE,
    fence bigint NOT NULL,
    started timestamptz NOT NULL,
    ended timestamptz NOT NULL,
    outcome text NOT NULL
        CHECK (outcome IN ('done', 'wrong', 'not-now', 'rejected', 'superseded', 'rescued', 'dead')),
    error text,
    PRIMARY KEY (job_id, fence)
);

-- How many events each subject has: the counter row that makes versions dense.
CREATE TABLE jobs.stream (
    subject uuid PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0)
) WITH (fillfactor = 80);

CREATE TABLE jobs.event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Identity values commit out of order: a feed reads (xid, seq) below pg_snapshot_xmin(pg_current_snapshot()).
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    subject uuid NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    data jsonb NOT NULL,
    correlation_id text NOT NULL,
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 100),
    at timestamptz NOT NULL DEFAULT jobs.clock(),
    CONSTRAINT event_version_dense UNIQUE (subject, version)
);
CREATE INDEX event_feed ON jobs.event (xid, seq);

-- Who gets a job for which event. Modules bring their rows by migration, so that a rolling deploy loses nothing.
CREATE TABLE jobs.subscription (
    event text NOT NULL,
    subscriber text NOT NULL,
    kind text NOT NULL CHECK (starts_with(kind, subscriber || '.')),
    PRIMARY KEY (event, kind)
);

-- Effects on the outside world: planned → sent → done | unknown | cancelled (ADR-045).
CREATE TABLE jobs.effect (
    -- <entity id>-<generation>; the vendor holds it too.
    reference text PRIMARY KEY CHECK (length(reference) BETWEEN 1 AND 200),
    kind text NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sent', 'done', 'unknown', 'cancelled')),
    subject uuid,
    correlation_id text NOT NULL,
    request jsonb NOT NULL,
    receipt jsonb,
    -- The vendor's own id in the receipt, where the vendor's part can tell it.
    vendor_id text,
    -- The claim that owns it; an older one cannot touch it any more.
    fence bigint NOT NULL DEFAULT 0,
    job_id bigint,
    -- Sends that may have reached the vendor.
    sends integer NOT NULL DEFAULT 0 CHECK (sends >= 0),
    was_unknown boolean NOT NULL DEFAULT false,
    planned_at timestamptz NOT NULL DEFAULT jobs.clock(),
    sent_at timestamptz,
    unknown_at timestamptz,
    done_at timestamptz,
    swept_at timestamptz,
    extras_cancelled integer NOT NULL DEFAULT 0 CHECK (extras_cancelled >= 0),
    last_error text,
    CONSTRAINT effect_done_has_receipt CHECK ((state = 'done') = (receipt IS NOT NULL)),
    CONSTRAINT effect_done_has_time CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CONSTRAINT effect_sent_has_time CHECK (state IN ('planned', 'cancelled') OR sent_at IS NOT NULL),
    CONSTRAINT effect_sent_was_sent CHECK (state IN ('planned', 'cancelled') OR sends > 0),
    CONSTRAINT effect_planned_was_not_sent CHECK (state NOT IN ('planned', 'cancelled') OR sends = 0),
    CONSTRAINT effect_unknown_has_time CHECK ((state = 'unknown') = (unknown_at IS NOT NULL))
);
CREATE INDEX effect_unsettled ON jobs.effect (sent_at) WHERE state IN ('sent', 'unknown');
CREATE INDEX effect_doubtful ON jobs.effect (done_at) WHERE state = 'done' AND (sends > 1 OR was_unknown);
-- For the clean-up: requests and receipts hold names and addresses.
CREATE INDEX effect_settled ON jobs.effect (COALESCE(done_at, planned_at)) WHERE state IN ('done', 'cancelled');
CREATE INDEX effect_subject ON jobs.effect (subject) WHERE subject IS NOT NULL;

CREATE TABLE jobs.schedule (
    name text PRIMARY KEY,
    kind text NOT NULL,
    every_seconds double precision NOT NULL CHECK (every_seconds > 0),
    next_at timestamptz NOT NULL,
    fired_at timestamptz
);

-- Calls made per vendor in buckets of five seconds, numbered from the epoch.
CREATE TABLE jobs.budget (
    name text PRIMARY KEY,
    buckets bigint[] NOT NULL,
    counts integer[] NOT NULL,
    CONSTRAINT budget_counts_each_bucket CHECK (cardinality(buckets) = cardinality(counts))
);
