-- Why: keeps the number of a migration of another branch; the merge puts that one in its place.
-- Locks: none.
-- Previous binary: sees nothing of it.
SELECT 1;
