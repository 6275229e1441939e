-- evolve-tx-off
-- Whom a portfolio has written to outside a session within the last day, found without reading all of the month's draws.
create index concurrently if not exists quota_ledger_left on threadkeep.quota_ledger (account_id, left_at) where left_at is not null;
