-- Why: bytes that must not change (labels, later meshes and slices), found by the SHA-256 of their content.
-- Locks: none, everything here is new.
-- Previous binary: knows none of it and still works.

CREATE SCHEMA artefacts;

CREATE TABLE artefacts.artefact (
    -- 64 hex digits.
    digest text PRIMARY KEY,
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 67108864),
    media_type text NOT NULL CHECK (length(media_type) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT jobs.clock(),
    CONSTRAINT artefact_named_by_content CHECK (digest = encode(sha256(bytes), 'hex'))
);
-- PDFs and meshes are compressed already.
ALTER TABLE artefacts.artefact ALTER COLUMN bytes SET STORAGE EXTERNAL;
