-- Why: verified raw webhooks, stored with their job in one commit before the sender hears 2xx (DESIGN §3.1, ADR-033).
-- Locks: none, everything here is new.
-- Previous binary: knows none of it and still works.

CREATE SCHEMA inbox;

CREATE TABLE inbox.webhook (
    id uuid PRIMARY KEY,
    source text NOT NULL,
    topic text NOT NULL,
    dedupe_key text NOT NULL,
    correlation_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT jobs.clock(),
    -- [[name, value], …] in the order they came, without signatures and credentials.
    headers jsonb NOT NULL,
    -- The raw bytes that were verified. Personal data: NULL once erased.
    body bytea,
    erased_at timestamptz,
    state text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'processed', 'failed')),
    processed_at timestamptz,
    -- Whose personal data it is; filled in by the module that reads it.
    subject uuid,
    -- Why it failed, for the operator.
    note text,
    CONSTRAINT webhook_erased_has_time CHECK ((body IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT webhook_processed_has_time CHECK ((state = 'processed') = (processed_at IS NOT NULL)),
    CONSTRAINT webhook_failed_has_reason CHECK (state <> 'failed' OR note IS NOT NULL)
);
-- Compressing what is written once and read once costs the intake more than it saves.
ALTER TABLE inbox.webhook ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX webhook_received ON inbox.webhook (received_at);
CREATE INDEX webhook_subject ON inbox.webhook (subject) WHERE subject IS NOT NULL;
CREATE INDEX webhook_failed ON inbox.webhook (received_at) WHERE state = 'failed';
CREATE INDEX webhook_correlation ON inbox.webhook (correlation_id);

-- Outlives the bodies, or goes before them: the two have settings of their own.
CREATE TABLE inbox.processed_webhook (
    source text NOT NULL,
    dedupe_key text NOT NULL,
    webhook_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (source, dedupe_key)
);
CREATE INDEX processed_webhook_expires ON inbox.processed_webhook (expires_at);
