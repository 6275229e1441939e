-- evolve-tx-off
create index concurrently if not exists tickets_desk_owner on threadkeep.tickets (account_id, owner_id) where thread_id = id;
