-- Why: keeps the numbers dense on this branch until the migration that owns 0012 comes; goes with the merge.
-- Locks: none.
-- Previous binary: sees nothing of it.
SELECT 1;
