-- evolve-tx-off
create index concurrently if not exists tickets_desk_team on threadkeep.tickets (account_id, team_id) where thread_id = id;
