-- evolve-tx-off
create index concurrently if not exists messages_upgrade_test on threadkeep.messages (account_id, received_at);
