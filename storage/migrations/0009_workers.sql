-- Whose lease it is: 0 where one process has the database to itself. A seat of its own (storage/seats.py)
-- tells each of several processes apart, so that a start frees only what its dead predecessor held.

ALTER TABLE sends ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clips ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reviews ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN card_owner BIGINT NOT NULL DEFAULT 0;
