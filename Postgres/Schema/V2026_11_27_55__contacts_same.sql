-- evolve-tx-off
create index concurrently if not exists contacts_same on threadkeep.contacts (account_id, same_as) where same_as is not null;
