-- What a guild allows its members, where, and for how much; where an order was asked for.

-- Null is "not set". Lists are JSON; an empty or missing one stands for everybody, or everything.
ALTER TABLE guilds ADD COLUMN pool_credits BIGINT;
ALTER TABLE guilds ADD COLUMN pool_period TEXT;
ALTER TABLE guilds ADD COLUMN cooldown_s BIGINT;
ALTER TABLE guilds ADD COLUMN largest_resolution TEXT;
ALTER TABLE guilds ADD COLUMN largest_seconds BIGINT;
ALTER TABLE guilds ADD COLUMN largest_variations BIGINT;
ALTER TABLE guilds ADD COLUMN models TEXT;
ALTER TABLE guilds ADD COLUMN private_roles TEXT;
ALTER TABLE guilds ADD COLUMN effects_roles TEXT;
ALTER TABLE guilds ADD COLUMN batch_roles TEXT;
ALTER TABLE guilds ADD COLUMN channels TEXT;
ALTER TABLE guilds ADD COLUMN result_channel_id BIGINT;
ALTER TABLE guilds ADD COLUMN spoiler_channels TEXT;
ALTER TABLE guilds ADD COLUMN age_only BIGINT;
-- While paused_at is set nothing is taken, and nothing queued is submitted.
ALTER TABLE guilds ADD COLUMN paused_at BIGINT;
ALTER TABLE guilds ADD COLUMN paused_by BIGINT;
-- When the guided set-up was finished, or put aside.
ALTER TABLE guilds ADD COLUMN set_up_at BIGINT;

-- Which shares (percent) of a pool were told to the moderators, once in each period.
CREATE TABLE pool_warnings (
  guild_id BIGINT NOT NULL,
  period TEXT NOT NULL,
  period_key TEXT NOT NULL,
  percent BIGINT NOT NULL,
  PRIMARY KEY (guild_id, period, period_key, percent)
) /*strict*/;

-- channel_id is where the results go; asked_in is set where that is another channel than the
-- one of the command. lies_in are the ids of the thread's channel and of its category.
ALTER TABLE drafts ADD COLUMN asked_in BIGINT;
ALTER TABLE drafts ADD COLUMN lies_in TEXT NOT NULL DEFAULT '[]';
ALTER TABLE drafts ADD COLUMN age_restricted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN asked_in BIGINT;
ALTER TABLE orders ADD COLUMN lies_in TEXT NOT NULL DEFAULT '[]';
ALTER TABLE orders ADD COLUMN age_restricted BIGINT NOT NULL DEFAULT 0;
