-- When what was drawn for left; null: it has not, or it failed.
alter table threadkeep.quota_ledger add column left_at timestamptz;
