-- evolve-tx-off
create index concurrently if not exists contacts_order on threadkeep.contacts (account_id, sort_key, id) where same_as is null and sort_key is not null;
