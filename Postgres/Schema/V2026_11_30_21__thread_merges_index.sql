-- evolve-tx-off
create index concurrently if not exists thread_persons_merged on threadkeep.thread_persons (account_id, thread_id) where merged_into is not null and not merge_pending;
