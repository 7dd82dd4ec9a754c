-- The language of a guild's public messages, by Discord's name; null or empty is Discord's own setting.

ALTER TABLE guilds ADD COLUMN language TEXT;
