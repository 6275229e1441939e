-- evolve-tx-off
create index concurrently if not exists threads_contact on threadkeep.threads (account_id, contact_id);
