-- evolve-tx-off
create index concurrently if not exists tickets_moving on threadkeep.tickets (account_id, thread_id) where moving_to is not null;
