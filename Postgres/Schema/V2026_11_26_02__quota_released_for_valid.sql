-- In a transaction of its own: the file before held the table for itself until its end.
alter table threadkeep.quota_ledger validate constraint quota_ledger_released_for;
