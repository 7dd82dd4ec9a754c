-- A guild's entries of some days, for its usage and its export.
CREATE INDEX entries_of_guild_day ON entries (guild_id, day_key);
CREATE INDEX orders_of_guild ON orders (guild_id, created_at);
