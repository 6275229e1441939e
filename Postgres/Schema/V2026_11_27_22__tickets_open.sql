-- evolve-tx-off
create index concurrently if not exists tickets_open on threadkeep.tickets (account_id, owner_id) include (thread_id, snoozed_until) where is_open;
