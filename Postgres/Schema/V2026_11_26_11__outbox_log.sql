-- The outbox as a log with many readers. `tx` orders it: a reader takes the rows of transactions that are all over, so one that
-- commits later is never passed over. A constant default touches no row (0: before the log began); only then the true one.
alter table threadkeep.outbox add column tx xid8 not null default '0';
alter table threadkeep.outbox alter column tx set default pg_current_xact_id();
-- The messages that a commit added or whose words it changed: first and last number; 0 where none.
-- Null: a version of before wrote the row and does not say.
alter table threadkeep.outbox add column first_seq integer, add column last_seq integer;

-- Each reader's place: everything up to it has had its effect, in the transaction that moved it.
create table threadkeep.outbox_consumers (
    name        text primary key,
    tx          xid8 not null,
    id          bigint not null,
    filling     boolean not null,                                         -- what was stored before the log began is still to do
    filled      bigint not null default 0,                                -- messages done so far
    fill_account uuid,                                                    -- the last of them
    fill_thread uuid,
    fill_seq    integer
);
insert into threadkeep.outbox_consumers (name, tx, id, filling)
values ('search', pg_snapshot_xmin(pg_current_snapshot()), 0, true);
