-- What an account wants of what customers write (ContentSettings, JSON); none: the usual.
create table threadkeep.content_rules (
    account_id uuid primary key references threadkeep.business_accounts (id),
    settings   text not null,
    version    integer not null
);

-- What messages said that a rule or a supervisor hides. The message's own row does not hold it any more, so nothing that reads messages can
-- show it: neither lists, search, notices nor exports. Written by the thread's grain alone.
create table threadkeep.hidden_messages (
    account_id  uuid not null,
    thread_id   uuid not null,
    seq         integer not null,
    channel_id  uuid not null,
    effect      text not null check (effect in ('mask', 'quarantine')),
    rules       text[] not null,                                          -- names of built-in ones, own:<name>, by_hand
    reason      text,                                                     -- by hand: why
    hidden_by   uuid,                                                     -- by hand: the agent; null: a program
    hidden_at   timestamptz not null,
    type        text not null,                                            -- what the message was
    text        text,
    media_name  text,
    raw         bytea,
    released_at timestamptz,                                              -- the message's own row has it again
    released_by uuid,
    primary key (account_id, thread_id, seq)
);
create index hidden_messages_open on threadkeep.hidden_messages (account_id, hidden_at desc, thread_id, seq)
    where effect = 'quarantine' and released_at is null;
create index hidden_messages_threads on threadkeep.hidden_messages (account_id, thread_id) where effect = 'quarantine' and released_at is null;
