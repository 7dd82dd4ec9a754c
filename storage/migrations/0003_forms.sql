-- Forms that were opened, with what was typed into them; and a server's rule on others' pictures.

CREATE TABLE forms (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  guild_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
) /*strict*/;
CREATE INDEX forms_of_day ON forms (created_at);

-- Whether members may use pictures of others' messages; null is the operator's default.
ALTER TABLE guilds ADD COLUMN reuse BIGINT;
