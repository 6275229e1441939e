-- evolve-tx-off
create index concurrently if not exists tickets_queued on threadkeep.tickets (account_id, opened_at, number) include (thread_id) where queued_at is not null;
