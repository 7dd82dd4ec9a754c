-- What a server does not want: its words and patterns, members it has blocked, orders that a
-- moderator looks at before they are paid for, and results that members have reported.

-- rule is as it was written: `word`, `*part*` or `/pattern/`.
CREATE TABLE content_rules (
  guild_id BIGINT NOT NULL,
  rule TEXT NOT NULL,
  added_by BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (guild_id, rule)
) /*strict*/;

CREATE TABLE blocks (
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) /*strict*/;

-- review: whether orders of members without a trusted role wait for a moderator.
-- trusted_roles is a JSON list of role ids.
ALTER TABLE guilds ADD COLUMN review BIGINT;
ALTER TABLE guilds ADD COLUMN review_channel_id BIGINT;
ALTER TABLE guilds ADD COLUMN review_hours BIGINT;
ALTER TABLE guilds ADD COLUMN trusted_roles TEXT;

-- An order that waits, or waited, for a moderator. due_at: when its message is to be posted, has
-- something new to say, or the wait is over.
CREATE TABLE reviews (
  order_id BIGINT PRIMARY KEY REFERENCES orders (id),
  guild_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  state TEXT NOT NULL
    CHECK (state IN ('waiting', 'approved', 'rejected', 'expired', 'withdrawn')),
  carries BIGINT NOT NULL,
  decided_by BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  message_channel_id BIGINT,
  message_id BIGINT,
  first_try_at BIGINT,
  due_at BIGINT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0
) /*strict*/;
CREATE INDEX reviews_due ON reviews (due_at) WHERE due_at IS NOT NULL;

-- One row for each member who reported a clip.
CREATE TABLE reports (
  clip_id BIGINT NOT NULL REFERENCES clips (id),
  user_id BIGINT NOT NULL,
  guild_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (clip_id, user_id)
) /*strict*/;
CREATE INDEX reports_of_member ON reports (guild_id, user_id, at);

-- A reported clip, from its first report on. hide: whether its message is to be behind a spoiler;
-- hidden: whether it is. due_at: when the message is to be changed, or the moderators asked.
CREATE TABLE cases (
  clip_id BIGINT PRIMARY KEY REFERENCES clips (id),
  guild_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'deleted')),
  reporter_id BIGINT NOT NULL,
  decided_by BIGINT,
  hidden BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  message_channel_id BIGINT,
  message_id BIGINT,
  first_try_at BIGINT,
  due_at BIGINT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0
) /*strict*/;
CREATE INDEX cases_due ON cases (due_at) WHERE due_at IS NOT NULL;
