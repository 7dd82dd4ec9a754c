-- The log channel that an act is told in: that of its moment, so that the one that takes the channel
-- away, or names another, is told in the old one. Empty for acts of before: the guild's own counts.

ALTER TABLE acts ADD COLUMN log_channel_id BIGINT;
