-- Finds grants whose time is over, so that they end in the books without their member's doing.

CREATE INDEX grants_lapse ON grants (expires_at) WHERE expired = 0 AND expires_at IS NOT NULL;
