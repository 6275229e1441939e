-- evolve-tx-off
create index concurrently if not exists contacts_mobile on threadkeep.contacts (account_id, mobile_key) where mobile_key is not null;
