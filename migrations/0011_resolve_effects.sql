-- Why: effects that cannot be looked up, and an operator's word on what is not known (DESIGN §3.5, ADR-045).
-- Locks: jobs.effect for the moment of each statement; the indexes hold up its writers while they read it once.
-- Previous binary: writes none of the columns and sends as before; what it cancelled is not swept.

-- What has to be put into the queue again when an operator has decided: the job itself may be pruned by then.
ALTER TABLE jobs.effect
    ADD COLUMN job_kind text CHECK (length(job_kind) BETWEEN 1 AND 100),
    ADD COLUMN job_payload jsonb,
    ADD COLUMN cancelled_at timestamptz,
    -- What the last look-up found at the vendor: [{vendorId, isAlive, isSameContent}].
    ADD COLUMN found jsonb,
    ADD COLUMN looked_up_at timestamptz,
    ADD COLUMN resolved_at timestamptz,
    ADD COLUMN resolved_as text CHECK (resolved_as IN ('made', 'not-made', 'ask-again')),
    ADD CONSTRAINT effect_resolved_has_time CHECK ((resolved_at IS NULL) = (resolved_as IS NULL));

-- The list of the operators, newest first.
CREATE INDEX effect_listed ON jobs.effect (planned_at DESC, reference DESC);
-- Given up after a send in doubt: what arrives late under their reference is one too many.
CREATE INDEX effect_doubtful_cancelled ON jobs.effect (cancelled_at) WHERE state = 'cancelled' AND was_unknown;

-- A tracking number that comes after the fulfilment is sent on.
INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('shipment.tracking_changed', 'fulfilment', 'fulfilment.send-tracking');

-- Files to print, kept by their hash and brought to SimplyPrint once.
CREATE TABLE printing.print_file (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    digest text NOT NULL CHECK (length(digest) = 64),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'intent', 'stored', 'unknown')),
    -- SimplyPrint's, 32 hex digits.
    simplyprint_file_id text CHECK (length(simplyprint_file_id) BETWEEN 1 AND 100),
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- The same file twice is one.
    CONSTRAINT print_file_once UNIQUE (digest, name),
    CONSTRAINT print_file_stored CHECK ((state = 'stored') = (simplyprint_file_id IS NOT NULL)),
    CONSTRAINT print_file_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) IN (0, 4))
);
