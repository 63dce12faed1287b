-- Why: what operators do to jobs and webhooks, and webhooks that were made here because the vendor's own was lost.
-- Locks: short exclusive ones on jobs.job and inbox.webhook; the new columns have constant defaults, nothing is rewritten.
-- Previous binary: writes rows without the new columns and does not read them.

-- Why an operator took the job out of the queue; NULL: nobody did.
ALTER TABLE jobs.job ADD COLUMN discard_reason text CHECK (length(discard_reason) BETWEEN 1 AND 500);

-- An error without what differs from job to job, so that a thousand failures of one cause are one group.
CREATE FUNCTION jobs.error_pattern(error text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    COALESCE(error, ''),
                    '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}', '<id>', 'g'),
                '\m[0-9a-fA-F]{16,}\M', '<id>', 'g'),
            '[0-9]+([.,][0-9]+)*', '<n>', 'g'),
        300)
$$;

-- The group's name in a URL.
CREATE FUNCTION jobs.error_group(kind text, error text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(kind || ' ' || jobs.error_pattern(error))
$$;

ALTER TABLE inbox.webhook
    -- Made here out of what the vendor said when it was asked.
    ADD COLUMN is_synthetic boolean NOT NULL DEFAULT false,
    -- How often an operator had it processed once more.
    ADD COLUMN replays integer NOT NULL DEFAULT 0 CHECK (replays >= 0);
