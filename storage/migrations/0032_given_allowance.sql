-- The allowance that counted when an order was placed: roles are known from Discord alone, and an
-- operator orders a lost clip again without it. Empty for orders of before.

ALTER TABLE orders ADD COLUMN allowance_credits BIGINT;

ALTER TABLE orders ADD COLUMN allowance_period TEXT;
