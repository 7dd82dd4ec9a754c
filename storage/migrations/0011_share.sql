-- Private clips that their owners shared: when that was first tried, and where the message is.

ALTER TABLE clips ADD COLUMN share_first_try_at BIGINT;
ALTER TABLE clips ADD COLUMN shared_channel_id BIGINT;
ALTER TABLE clips ADD COLUMN shared_message_id BIGINT;
