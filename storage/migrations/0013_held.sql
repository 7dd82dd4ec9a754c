-- Sends of a paused guild leave the line: due_at is kept here until the guild goes on.

ALTER TABLE sends ADD COLUMN held_due_at BIGINT;
