-- evolve-tx-off
create index concurrently if not exists tickets_team on threadkeep.tickets (account_id, team_id) include (thread_id) where team_id is not null and is_open;
