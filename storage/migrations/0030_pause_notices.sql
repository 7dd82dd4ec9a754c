-- A private order has no card: when moderators pause the bot while it is in line, its member is told
-- by direct message, once. 0 stands for a message that has nowhere to go.

ALTER TABLE orders ADD COLUMN pause_message_id BIGINT;

ALTER TABLE orders ADD COLUMN pause_first_try_at BIGINT;
