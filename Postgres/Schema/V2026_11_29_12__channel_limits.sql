-- What Meta lets a number send, as it said when it was asked last (ADR 081). Null: it has not said.
alter table threadkeep.channels
    add column business_id      text,                                     -- the portfolio that the WhatsApp Business account belongs to
    add column verification     text,                                     -- of the business: verified, not_verified...
    add column messaging_limit  text,                                     -- TIER_250, TIER_2K... of the portfolio
    add column throughput       text,                                     -- STANDARD, HIGH...
    add column is_on_phone_app  boolean not null default false,
    add column limits_read_at   timestamptz;
