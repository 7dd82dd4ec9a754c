-- A deleted clip's owner may leave its messages where they are.

ALTER TABLE clips ADD COLUMN keep_message BIGINT NOT NULL DEFAULT 0;
