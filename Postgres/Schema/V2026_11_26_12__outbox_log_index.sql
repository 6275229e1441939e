-- evolve-tx-off
create unique index concurrently if not exists outbox_log on threadkeep.outbox (tx, id);
