-- What agents have begun to write, so that another browser can go on. Written by the Api; each agent writes their own alone.
create table threadkeep.drafts (
    account_id uuid not null,
    agent_id   uuid not null,
    thread_id  uuid not null,
    kind       text not null check (kind in ('reply', 'note')),
    text       text not null,
    based_on   timestamptz not null,                                      -- up to when the agent knew the thread
    changed_at timestamptz not null,
    primary key (account_id, agent_id, thread_id, kind)
);
create index drafts_age on threadkeep.drafts using brin (changed_at);
