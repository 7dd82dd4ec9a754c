-- Orders, sends and clips; wallets and the ledger; prices and what the vendor offers.
-- The common subset of SQLite and PostgreSQL: BIGINT and TEXT, epoch milliseconds, ids made by us.
-- The marker /*strict*/ makes a table STRICT on SQLite.

CREATE TABLE guilds (
  guild_id BIGINT PRIMARY KEY,
  zone TEXT,
  confirm_price BIGINT,
  clips_at_once BIGINT
) /*strict*/;

-- role_id 0 is the guild's default.
CREATE TABLE allowances (
  guild_id BIGINT NOT NULL,
  role_id BIGINT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits >= 0),
  period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month')),
  PRIMARY KEY (guild_id, role_id)
) /*strict*/;

-- grants, held and charged are the sums of the entries' columns of the same names.
-- turn is the member's last place in the line of sends (DESIGN: fair).
CREATE TABLE wallets (
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  grants BIGINT NOT NULL DEFAULT 0 CHECK (grants >= 0),
  held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
  charged BIGINT NOT NULL DEFAULT 0 CHECK (charged >= 0),
  frozen BIGINT NOT NULL DEFAULT 0,
  turn BIGINT NOT NULL DEFAULT 0,
  touched_at BIGINT NOT NULL,
  PRIMARY KEY (guild_id, user_id)
) /*strict*/;

CREATE TABLE grants (
  id BIGINT PRIMARY KEY,
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits > 0),
  credits_left BIGINT NOT NULL CHECK (credits_left >= 0 AND credits_left <= credits),
  expires_at BIGINT,
  expired BIGINT NOT NULL DEFAULT 0,
  actor_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX grants_of_wallet ON grants (guild_id, user_id) WHERE credits_left > 0;

-- What was taken (charged or held) in a period: of a member's allowance, of a guild's pool
-- (user_id 0), of the operator's ceiling (both 0).
CREATE TABLE period_use (
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  period TEXT NOT NULL,
  period_key TEXT NOT NULL,
  taken BIGINT NOT NULL CHECK (taken >= 0),
  PRIMARY KEY (guild_id, user_id, period, period_key)
) /*strict*/;

-- house: credits that the vendor charged and no member pays. turn: the last one submitted.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL CHECK (value >= 0)
) /*strict*/;

-- Append-only. The key makes doing a thing twice do nothing.
CREATE TABLE entries (
  key TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  grants BIGINT NOT NULL,
  held BIGINT NOT NULL,
  charged BIGINT NOT NULL,
  allowance BIGINT NOT NULL,
  pool BIGINT NOT NULL,
  ceiling BIGINT NOT NULL,
  house BIGINT NOT NULL,
  day_key TEXT NOT NULL,
  week_key TEXT NOT NULL,
  month_key TEXT NOT NULL,
  house_day TEXT NOT NULL,
  clip_id BIGINT,
  actor_id BIGINT,
  reason TEXT NOT NULL
) /*strict*/;
CREATE INDEX entries_of_wallet ON entries (guild_id, user_id, at);

CREATE TABLE holds (
  clip_id BIGINT PRIMARY KEY,
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits >= 0),
  allowance BIGINT NOT NULL CHECK (allowance >= 0),
  day_key TEXT NOT NULL,
  week_key TEXT NOT NULL,
  month_key TEXT NOT NULL,
  house_day TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'settled', 'released')),
  house BIGINT NOT NULL DEFAULT 0
) /*strict*/;

CREATE TABLE hold_grants (
  clip_id BIGINT NOT NULL REFERENCES holds (clip_id),
  grant_id BIGINT NOT NULL REFERENCES grants (id),
  place BIGINT NOT NULL,
  credits BIGINT NOT NULL CHECK (credits > 0),
  PRIMARY KEY (clip_id, grant_id)
) /*strict*/;

-- Commands that are acknowledged and not answered yet: a start takes them up again.
-- body holds the interaction's token, which is worth nothing after fifteen minutes.
CREATE TABLE asks (
  interaction_id BIGINT PRIMARY KEY,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0
) /*strict*/;
CREATE INDEX asks_open ON asks (created_at) WHERE done = 0;

CREATE TABLE drafts (
  id BIGINT PRIMARY KEY,
  interaction_id BIGINT NOT NULL UNIQUE,
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  upload_limit BIGINT NOT NULL,
  locale TEXT NOT NULL,
  guild_locale TEXT NOT NULL,
  options TEXT NOT NULL,
  price BIGINT NOT NULL CHECK (price > 0),
  clips BIGINT NOT NULL CHECK (clips BETWEEN 1 AND 10),
  learned BIGINT NOT NULL,
  wait_low BIGINT,
  wait_high BIGINT,
  cancelled BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
) /*strict*/;

CREATE TABLE orders (
  id BIGINT PRIMARY KEY,
  draft_id BIGINT NOT NULL UNIQUE REFERENCES drafts (id),
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  upload_limit BIGINT NOT NULL,
  locale TEXT NOT NULL,
  guild_locale TEXT NOT NULL,
  options TEXT NOT NULL,
  price BIGINT NOT NULL,
  clips BIGINT NOT NULL,
  learned BIGINT NOT NULL,
  wait_low BIGINT,
  wait_high BIGINT,
  created_at BIGINT NOT NULL,
  card_channel_id BIGINT,
  card_message_id BIGINT,
  card_first_try_at BIGINT,
  card_text TEXT NOT NULL DEFAULT '',
  card_edits BIGINT NOT NULL DEFAULT 0,
  card_picture BIGINT NOT NULL DEFAULT 0,
  card_wanted BIGINT NOT NULL DEFAULT 0,
  card_due_at BIGINT,
  card_lease_until BIGINT NOT NULL DEFAULT 0,
  card_fence BIGINT NOT NULL DEFAULT 0,
  card_attempts BIGINT NOT NULL DEFAULT 0,
  notice_message_id BIGINT,
  notice_first_try_at BIGINT,
  mention_clip_id BIGINT
) /*strict*/;
CREATE INDEX orders_card_due ON orders (card_due_at) WHERE card_due_at IS NOT NULL;
CREATE INDEX orders_of_member ON orders (guild_id, user_id, id);

CREATE TABLE sends (
  id BIGINT PRIMARY KEY,
  order_id BIGINT NOT NULL REFERENCES orders (id),
  number BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'submitting', 'sent', 'ended')),
  turn BIGINT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  due_at BIGINT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  queued_at BIGINT NOT NULL,
  submitted_at BIGINT,
  UNIQUE (order_id, number)
) /*strict*/;
CREATE INDEX sends_open ON sends (state, turn, id) WHERE due_at IS NOT NULL;

-- step names the engine's step that is due at due_at; it is null when nothing is.
CREATE TABLE clips (
  id BIGINT PRIMARY KEY,
  order_id BIGINT NOT NULL REFERENCES orders (id),
  send_id BIGINT NOT NULL REFERENCES sends (id),
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('review', 'queued', 'submitting', 'rendering', 'overdue',
    'unknown', 'ready', 'posting', 'posted', 'kept', 'failed', 'released', 'cancelled')),
  quote BIGINT NOT NULL CHECK (quote > 0),
  price_key TEXT NOT NULL,
  unit_credit TEXT NOT NULL,
  vendor_id TEXT UNIQUE,
  cost BIGINT,
  charged BIGINT,
  video_link TEXT NOT NULL DEFAULT '',
  file TEXT NOT NULL DEFAULT '',
  bytes BIGINT NOT NULL DEFAULT 0,
  reason TEXT,
  note TEXT NOT NULL DEFAULT '',
  channel_id BIGINT,
  message_id BIGINT,
  first_try_at BIGINT,
  submitted_at BIGINT,
  ready_at BIGINT,
  step TEXT CHECK (step IN ('look', 'fetch', 'post', 'doubt', 'remove')),
  due_at BIGINT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  fence BIGINT NOT NULL DEFAULT 0,
  polls BIGINT NOT NULL DEFAULT 0,
  misses BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  free BIGINT NOT NULL DEFAULT 0,
  deleted BIGINT NOT NULL DEFAULT 0,
  UNIQUE (order_id, number)
) /*strict*/;
CREATE INDEX clips_due ON clips (step, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX clips_of_send ON clips (send_id);
CREATE INDEX clips_in_flight ON clips (guild_id, user_id)
  WHERE state IN ('review', 'queued', 'submitting', 'rendering', 'overdue', 'unknown');
CREATE INDEX clips_waits ON clips (price_key, ready_at) WHERE ready_at IS NOT NULL;

-- The last real charge of a kind of clip; unit_credit is the list's figure at that time.
CREATE TABLE prices (
  price_key TEXT PRIMARY KEY,
  credits BIGINT NOT NULL CHECK (credits > 0),
  unit_credit TEXT NOT NULL,
  at BIGINT NOT NULL
) /*strict*/;

-- What the vendor offers, as last read.
CREATE TABLE catalogues (
  kind TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  read_at BIGINT NOT NULL
) /*strict*/;

-- A closed gate stops a step for everybody until it opens.
CREATE TABLE gates (
  name TEXT PRIMARY KEY,
  closed BIGINT NOT NULL,
  probe_at BIGINT NOT NULL,
  note TEXT NOT NULL
) /*strict*/;

-- Pictures in the media store and when an order last used them.
CREATE TABLE pictures (
  key TEXT PRIMARY KEY,
  bytes BIGINT NOT NULL,
  used_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX pictures_used ON pictures (used_at);
