-- evolve-tx-off
create index concurrently if not exists notices_order on threadkeep.notices (account_id, agent_id, at desc, id desc);
