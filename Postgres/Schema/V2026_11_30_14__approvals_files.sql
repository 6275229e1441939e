-- evolve-tx-off
-- What waits for somebody's word holds its file.
create index concurrently if not exists approvals_files on threadkeep.approvals (account_id, media_sha256) where media_sha256 is not null;
