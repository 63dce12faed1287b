-- migrate: no-transaction
-- Finds the newest events of one kind for the live feed and the activity log. Built concurrently: the previous binary
-- goes on writing meanwhile.
CREATE INDEX CONCURRENTLY IF NOT EXISTS event_name_at ON jobs.event (name, at DESC);
