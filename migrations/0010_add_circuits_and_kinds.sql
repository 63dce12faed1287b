-- Why: a circuit per vendor shared by all replicas, what is known of each kind of job, and a claim of some kinds only.
-- Locks: the index holds up writers of jobs.job while it reads the table once (some 50 ms for 100,000 rows); dropping the
-- reference needs both tables for a moment.
-- Previous binary: knows none of it, claims by the index it had and completes as before.

-- closed → open → half-open → closed, and paused for a vendor that asked for time (429).
CREATE TABLE jobs.vendor_circuit (
    vendor text PRIMARY KEY CHECK (length(vendor) BETWEEN 1 AND 100),
    phase text NOT NULL DEFAULT 'closed' CHECK (phase IN ('closed', 'open', 'half-open', 'paused')),
    -- In a row, while closed.
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    -- How often it opened since it was last closed: each time is longer.
    opens integer NOT NULL DEFAULT 0 CHECK (opens >= 0),
    -- open: the next probe. half-open: when the probe is given up. paused: the end.
    until timestamptz,
    changed_at timestamptz NOT NULL DEFAULT jobs.clock(),
    CONSTRAINT vendor_circuit_waits_until CHECK ((phase = 'closed') = (until IS NULL))
);

-- What the processes say of the kinds they do: for the operator's lists.
CREATE TABLE jobs.kind (
    kind text PRIMARY KEY CHECK (length(kind) BETWEEN 1 AND 100),
    queue text NOT NULL CHECK (length(queue) BETWEEN 1 AND 100),
    vendor text CHECK (length(vendor) BETWEEN 1 AND 100),
    -- ADR-021's job types.
    category text CHECK (category IN ('FULFILLMENT', 'PRINT_JOB_CREATION', 'CANCELLATION', 'NOTIFICATION'))
);

-- The claim that may take some kinds only (a vendor is away, a queue has no free hands): without it every claim would
-- read its way past all the jobs that wait.
CREATE INDEX job_ready_kind ON jobs.job (kind, priority, run_at, id) WHERE state = 'ready' AND conc_key IS NULL;

-- Where a completion travels with its COMMIT nobody can look at its row count first: a stale one has to fail as SQL.
CREATE FUNCTION jobs.refuse_stale_claim() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this claim has another owner by now' USING ERRCODE = 'F3001';
END
$$;

-- The check of every attempt against its job is a look-up and a row lock more for each job; both rows are written by one
-- statement, and the clean-up deletes both.
ALTER TABLE jobs.attempt DROP CONSTRAINT attempt_job_id_fkey;
