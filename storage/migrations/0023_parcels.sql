-- Messages with files of an order that its card, or the message for moderators, has no room for.
-- number counts from 0. first_try_at: when its post was first tried.

CREATE TABLE parcels (
  order_id BIGINT NOT NULL REFERENCES orders (id),
  number BIGINT NOT NULL,
  first_try_at BIGINT NOT NULL,
  channel_id BIGINT,
  message_id BIGINT,
  PRIMARY KEY (order_id, number)
) /*strict*/;
