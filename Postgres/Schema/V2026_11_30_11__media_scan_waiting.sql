-- evolve-tx-off
-- Files that the scanner has not looked at, the longest waiting first.
create index concurrently if not exists media_scan_waiting on threadkeep.media (scan_at) where scan is null or scan = 0;
