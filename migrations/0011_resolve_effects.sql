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
