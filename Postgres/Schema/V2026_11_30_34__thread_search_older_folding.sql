-- evolve-tx-off
create index concurrently if not exists thread_search_older on threadkeep.thread_search (account_id, thread_id) where text like '%〜%' or text like '%ß%';
