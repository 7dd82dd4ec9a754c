-- What moderators and the operator did, who and why; a take's parts, so that it can be undone.

-- actor_id 0 is the operator. subject_id: the member, role, channel, clip or order it was done to.
-- due_at is set while the act is still to be posted to the guild's log channel.
CREATE TABLE acts (
  id BIGINT PRIMARY KEY,
  guild_id BIGINT NOT NULL,
  actor_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  subject_id BIGINT,
  about TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  due_at BIGINT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  first_try_at BIGINT,
  posted_at BIGINT
) /*strict*/;
CREATE INDEX acts_of_guild ON acts (guild_id, at, id);
CREATE INDEX acts_of_subject ON acts (guild_id, subject_id, at, id);
CREATE INDEX acts_due ON acts (due_at) WHERE due_at IS NOT NULL;

-- moderator_roles is a JSON list of role ids.
ALTER TABLE guilds ADD COLUMN log_channel_id BIGINT;
ALTER TABLE guilds ADD COLUMN moderator_roles TEXT;

CREATE TABLE take_grants (
  take_id BIGINT NOT NULL,
  grant_id BIGINT NOT NULL REFERENCES grants (id),
  credits BIGINT NOT NULL CHECK (credits > 0),
  PRIMARY KEY (take_id, grant_id)
) /*strict*/;

CREATE INDEX entries_of_guild ON entries (guild_id, at, key);
