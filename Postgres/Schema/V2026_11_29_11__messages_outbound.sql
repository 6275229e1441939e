-- evolve-tx-off
-- Usage is counted over what left in a period: messages to customers alone, by a time that never changes.
create index concurrently if not exists messages_outbound on threadkeep.messages (account_id, at) where direction = 1;
