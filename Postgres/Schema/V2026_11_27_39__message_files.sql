-- evolve-tx-off
-- Which messages hold a file: whoever is limited to channels may open it only where one of theirs does.
create index concurrently if not exists messages_files on threadkeep.messages (account_id, media_sha256) where media_sha256 is not null;
