-- What Meta charges a message as, in its own words, from the status that said so (ADR 080); null: it has not said.
alter table threadkeep.messages
    add column price_category text,                                       -- marketing, utility, authentication, service...
    add column price_type     text;                                       -- regular, free_customer_service, free_entry_point...

-- The rate card that an admin imported. No price is ours.
create table threadkeep.prices (
    account_id uuid not null references threadkeep.business_accounts (id),
    country    text not null,                                             -- ISO 3166-1; '*': every country that has no row of its own
    category   text not null,
    valid_from date not null,
    market     text not null,                                             -- as the card calls it
    currency   text not null,
    price      numeric(18, 8) not null check (price >= 0),
    primary key (account_id, country, category, valid_from)
);
