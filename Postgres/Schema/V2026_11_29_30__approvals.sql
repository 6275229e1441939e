-- What people in training send waits for somebody's word (ADR 088). Written by the Api; what is let out is accepted by its thread under the key
-- that it came with.
alter table threadkeep.agents add column in_training boolean not null default false;

create table threadkeep.approvals (
    account_id         uuid not null,
    id                 uuid not null,
    thread_id          uuid not null,
    channel_id         uuid not null,
    key                text not null,                                     -- the idempotency key that it came with
    request_hash       bytea not null,
    agent_id           uuid not null,                                     -- who wrote it
    type               text not null,
    text               text,                                              -- as it goes out
    body               text not null,                                     -- as in the Cloud API, without an address
    original_text      text,                                              -- as its author wrote it; null: nobody has changed it
    context_wamid      text,
    template_name      text,
    template_language  text,
    media_sha256       text,
    media_mime         text,
    media_size         bigint,
    media_name         text,
    repeats_seq        integer,                                           -- the message that it sends again
    send_at            timestamptz,                                       -- not before
    created_at         timestamptz not null,
    state              text not null check (state in ('waiting', 'approved', 'sent', 'returned', 'withdrawn', 'failed')),
    decided_by         uuid,                                              -- null: it ended by itself
    decided_at         timestamptz,
    note               text,                                              -- why it was returned
    reason             text,                                              -- why it failed: a code
    seq                integer,                                           -- the message that it became
    primary key (account_id, id),
    unique (account_id, key),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create index approvals_open on threadkeep.approvals (account_id, created_at, id) where state in ('waiting', 'approved');
create index approvals_thread on threadkeep.approvals (account_id, thread_id, created_at);
create index approvals_agent on threadkeep.approvals (account_id, agent_id, created_at);
create unique index approvals_message on threadkeep.approvals (account_id, thread_id, seq) where seq is not null;
