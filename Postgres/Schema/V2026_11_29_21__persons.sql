-- What few customers have, apart from the thread's own row, which every message writes: a WhatsApp username, a block. Written by the thread's
-- grain alone, in the commit of what brought it about.
create table threadkeep.thread_persons (
    account_id      uuid not null,
    thread_id       uuid not null,
    channel_id      uuid not null,
    username        text,                                                 -- as last heard
    blocked_at      timestamptz,                                          -- null: not blocked
    blocked_by      uuid,                                                 -- the agent; null: a program
    block_reason    text,
    block_at_meta   text check (block_at_meta in ('pending', 'blocked', 'refused')),
    block_meta_code integer,                                              -- why Meta refused
    primary key (account_id, thread_id)
);
create index thread_persons_blocked on threadkeep.thread_persons (account_id, blocked_at desc, thread_id desc) where blocked_at is not null;
