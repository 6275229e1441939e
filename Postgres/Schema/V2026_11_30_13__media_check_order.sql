-- evolve-tx-off
create index concurrently if not exists media_check on threadkeep.media (check_at);
