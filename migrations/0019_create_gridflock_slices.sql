-- Why: the minutes of a quote come from what a real slicer said of real parts, once there are enough of them.
-- Locks: none but on the new table.
-- Previous binary: knows none of it and goes on reckoning minutes by its settings.

CREATE TABLE gridflock.slice (
    id uuid PRIMARY KEY,
    -- What was sliced, in the operator's words: the same again takes the place of what was said before.
    source text NOT NULL UNIQUE CHECK (length(source) BETWEEN 1 AND 200),
    material text NOT NULL CHECK (length(material) BETWEEN 1 AND 60),
    -- NULL: not said.
    infill_percent double precision CHECK (infill_percent BETWEEN 0 AND 100),
    part_count integer NOT NULL CHECK (part_count BETWEEN 1 AND 999),
    -- Of all its parts together.
    volume_cubic_millimetres double precision CHECK (volume_cubic_millimetres > 0),
    grams double precision CHECK (grams > 0),
    seconds bigint NOT NULL CHECK (seconds > 0),
    -- Whose parts they were; the design may be gone.
    design_id uuid,
    recorded_at timestamptz NOT NULL DEFAULT jobs.clock(),
    CONSTRAINT slice_weighs CHECK (num_nonnulls(volume_cubic_millimetres, grams) > 0)
);
CREATE INDEX slice_of_material ON gridflock.slice (lower(material), recorded_at DESC);
