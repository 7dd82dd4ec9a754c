-- A wish to cancel that came while the paid request was out: it counts if nothing was made.

ALTER TABLE sends ADD COLUMN cancel_wanted BIGINT NOT NULL DEFAULT 0;
