-- evolve-tx-off
create index concurrently if not exists message_search_older on threadkeep.message_search (account_id, thread_id, seq) where text like '%〜%' or text like '%ß%';
