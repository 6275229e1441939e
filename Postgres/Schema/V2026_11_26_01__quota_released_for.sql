-- Why a draw was released. Without a default the column is added at once, whatever the table's size; the check says `not valid`
-- and so looks at no row here (the next file does, without keeping anybody waiting). Null on rows of before.
alter table threadkeep.quota_ledger add column released_for text;
alter table threadkeep.quota_ledger add constraint quota_ledger_released_for
    check (released_for in ('left_inside', 'failed', 'cancelled')) not valid;
