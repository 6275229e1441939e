-- What people are told (ADR 062). Written by the outbox's reader `notices` with its place, and by the account's assignment; whoever is told
-- says that they have seen it. Notices hold ids: the words that are shown are read when they are shown.
alter table threadkeep.notices
    add column thread_id uuid,
    add column seq       integer,                                         -- the item of the thread that it tells of; of several messages the last
    add column count     integer not null default 1,                      -- messages that are one notice
    add column by_id     uuid,                                            -- whose doing it is; null: nobody's, or a program's
    add column ways      smallint not null default 7;                     -- how it is told: 1 in the console, 2 pushed, 4 in the next mail

-- Up to which message of a thread people have been told: the outbox names a thread's last message also where only its customer's name changed.
create table threadkeep.notice_marks (
    account_id uuid not null,
    thread_id  uuid not null,
    seq        integer not null,
    primary key (account_id, thread_id)
) with (fillfactor = 80);

-- What each person wants to be told, and how. Written by the Api; who has no row wants what is usual.
create table threadkeep.notice_settings (
    account_id uuid not null,
    agent_id   uuid not null,
    settings   text not null,                                             -- JSON
    primary key (account_id, agent_id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);

alter table threadkeep.channels add column attention_at timestamptz;      -- since when Meta refuses it for that reason
create index quota_alerts_raised on threadkeep.quota_alerts (raised_at);

insert into threadkeep.outbox_consumers (name, tx, id, filling)
values ('notices', pg_snapshot_xmin(pg_current_snapshot()), 0, false);
