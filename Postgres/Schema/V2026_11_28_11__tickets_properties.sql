-- evolve-tx-off
create index concurrently if not exists tickets_properties on threadkeep.tickets using gin (properties jsonb_path_ops) where properties <> '{}';
