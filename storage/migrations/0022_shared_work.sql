-- Whose lease it is also for acts, cases and commands; and one pace for all who share a database.

ALTER TABLE acts ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;

-- Who answers an acknowledged command; null is nobody, and then whoever is first.
ALTER TABLE asks ADD COLUMN owner BIGINT;

-- When the next paid request may leave, whichever process sends it. taken_at tells when a clock
-- was set back.
CREATE TABLE paces (
  name TEXT PRIMARY KEY,
  taken_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL
) /*strict*/;
