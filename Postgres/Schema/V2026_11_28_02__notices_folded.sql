-- evolve-tx-off
-- The messages of one thread are one notice, until it is seen.
create unique index concurrently if not exists notices_folded on threadkeep.notices (account_id, agent_id, thread_id) where kind = 'message' and seen_at is null;
