-- Why: drawer plates that were asked for, and the files made of them, which may be thrown away and made again.
-- Locks: artefacts.artefact is locked for a moment for a column without a default and an index over no rows yet.
-- Previous binary: keeps every artefact for ever, as before, and leaves jobs of the new kinds in the queue. It does not
-- make a cached artefact a kept one, which concerns it only where it stores bytes that equal a plate's.

-- NULL: kept for ever. Else it can be made again, was used then, and may be thrown away.
ALTER TABLE artefacts.artefact ADD COLUMN used_at timestamptz;
CREATE INDEX artefact_least_used ON artefacts.artefact (used_at, digest) WHERE used_at IS NOT NULL;

CREATE SCHEMA gridflock;

CREATE TABLE gridflock.design (
    id uuid PRIMARY KEY,
    -- The wish in its one spelling: two wishes of one text are one design.
    canonical text NOT NULL CHECK (length(canonical) BETWEEN 1 AND 200000),
    -- 64 hex digits.
    digest text NOT NULL UNIQUE,
    -- As it was asked for; it is read again when the files are made again.
    request jsonb NOT NULL,
    drawer_width_tenth_micrometres bigint NOT NULL CHECK (drawer_width_tenth_micrometres > 0),
    drawer_depth_tenth_micrometres bigint NOT NULL CHECK (drawer_depth_tenth_micrometres > 0),
    part_count integer NOT NULL CHECK (part_count > 0),
    state text NOT NULL CHECK (state IN ('queued', 'generating', 'ready', 'evicted', 'failed')),
    -- Of the generator that made the files: another one may make other bytes of the same wish.
    generator_revision integer CHECK (generator_revision > 0),
    generation_milliseconds bigint CHECK (generation_milliseconds >= 0),
    problem_code text,
    problem_text text,
    problem_action text,
    problem_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT jobs.clock(),
    updated_at timestamptz NOT NULL DEFAULT jobs.clock(),
    CONSTRAINT design_named_by_wish CHECK (digest = encode(sha256(convert_to(canonical, 'UTF8')), 'hex')),
    CONSTRAINT design_problem CHECK
        (num_nonnulls(problem_code, problem_text, problem_action, problem_since) = CASE state WHEN 'failed' THEN 4 ELSE 0 END),
    CONSTRAINT design_made CHECK (state NOT IN ('ready', 'evicted') OR generator_revision IS NOT NULL)
);
CREATE INDEX design_newest ON gridflock.design (state, id DESC);

CREATE TABLE gridflock.design_file (
    design_id uuid NOT NULL REFERENCES gridflock.design (id) ON DELETE CASCADE,
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]*\.(stl|3mf|svg|glb)$' AND length(name) <= 80),
    position integer NOT NULL CHECK (position >= 0),
    media_type text NOT NULL,
    -- Of the artefact; nothing refers to it, since it may be thrown away.
    digest text NOT NULL CHECK (length(digest) = 64),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    -- What was measured of the parts in it; null for pictures.
    facts jsonb,
    PRIMARY KEY (design_id, name),
    CONSTRAINT design_file_position UNIQUE (design_id, position)
);
CREATE INDEX design_file_digest ON gridflock.design_file (digest);
