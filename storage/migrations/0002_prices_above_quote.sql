-- Prices of which the last charge was above its quote: the next such order asks first.

ALTER TABLE prices ADD COLUMN above_quote BIGINT NOT NULL DEFAULT 0;
