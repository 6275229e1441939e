-- evolve-tx-off
create index concurrently if not exists notices_unseen on threadkeep.notices (account_id, agent_id, at desc, id desc) where seen_at is null;
