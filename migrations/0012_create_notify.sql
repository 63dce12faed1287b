-- Why: operators are told of what needs them, by mail and push message, at most once each (ADR-053).
-- Locks: none but on new tables; jobs.subscription takes four rows.
-- Previous binary: knows none of it, and leaves jobs of the new kinds in the queue.
CREATE SCHEMA notify;

-- One row a key: while it is quiet, further notices with the key are counted instead of told.
CREATE TABLE notify.quiet (
    key text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    told_at timestamptz NOT NULL,
    held_back integer NOT NULL DEFAULT 0 CHECK (held_back >= 0),
    held_back_before integer NOT NULL DEFAULT 0 CHECK (held_back_before >= 0)
);
CREATE INDEX quiet_old ON notify.quiet (told_at);

CREATE TABLE notify.notice (
    id uuid PRIMARY KEY,
    event text NOT NULL CHECK (length(event) BETWEEN 1 AND 100),
    order_id uuid,
    subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 2000),
    -- Below the operators' pages.
    path text NOT NULL,
    -- The job that an event made for us: one event, one notice.
    source_job bigint NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT jobs.clock()
);
CREATE INDEX notice_old ON notify.notice (created_at);

CREATE TABLE notify.delivery (
    id uuid PRIMARY KEY,
    notice_id uuid NOT NULL REFERENCES notify.notice (id) ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('mail', 'push')),
    recipient text NOT NULL CHECK (length(recipient) BETWEEN 1 AND 254),
    state text NOT NULL CHECK (state IN ('planned', 'sent', 'made', 'unknown', 'refused', 'gone')),
    created_at timestamptz NOT NULL DEFAULT jobs.clock(),
    updated_at timestamptz NOT NULL DEFAULT jobs.clock(),
    -- Nobody is told of one thing twice.
    CONSTRAINT delivery_once UNIQUE (notice_id, channel, recipient)
);

CREATE TABLE notify.push_subscription (
    id uuid PRIMARY KEY,
    -- A capability of the browser's push service.
    endpoint text NOT NULL UNIQUE CHECK (length(endpoint) BETWEEN 1 AND 2048),
    p256dh text NOT NULL CHECK (length(p256dh) BETWEEN 87 AND 88),
    auth text NOT NULL CHECK (length(auth) BETWEEN 22 AND 24),
    created_at timestamptz NOT NULL DEFAULT jobs.clock()
);

INSERT INTO jobs.subscription (event, subscriber, kind) VALUES
    ('order.failed', 'notifications', 'notifications.tell-order-failed'),
    ('order.line-unmapped', 'notifications', 'notifications.tell-line-unmapped'),
    ('fulfillment.failed', 'notifications', 'notifications.tell-fulfillment-failed'),
    ('job.retry-exhausted', 'notifications', 'notifications.tell-retry-exhausted');
