-- evolve-tx-off
create index concurrently if not exists contacts_phone on threadkeep.contacts (account_id, phone_key) where phone_key is not null;
