-- evolve-tx-off
create index concurrently if not exists sample_name on threadkeep.sample (name);
