-- Finds offers by their age, so that old ones can be forgotten.

CREATE INDEX drafts_by_age ON drafts (created_at);
