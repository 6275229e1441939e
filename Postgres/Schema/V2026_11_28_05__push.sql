-- Notices that are pushed to browsers (ADR 063). Small tables.

-- Keys of the deployment as a whole, each made once, by whoever needs it first.
create table threadkeep.deployment_keys (
    name       text primary key,
    public     bytea not null,
    sealed     bytea not null,                                            -- the private half, encrypted
    created_at timestamptz not null
);

-- A browser that somebody wants to be told in. It ends with the sign-in session that it was named in.
create table threadkeep.push_subscriptions (
    account_id    uuid not null,
    agent_id      uuid not null,
    id            uuid not null,
    session_id    uuid not null references threadkeep.sign_in_sessions (id) on delete cascade,
    endpoint      text not null,
    endpoint_hash bytea not null,
    public_key    bytea not null,                                         -- the browser's, for what is sent to it alone
    sealed_auth   bytea not null,                                         -- its secret, encrypted
    user_agent    text,
    created_at    timestamptz not null,
    used_at       timestamptz,                                            -- when its push service last took something
    primary key (account_id, agent_id, id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create unique index push_subscriptions_endpoint on threadkeep.push_subscriptions (endpoint_hash);
create index push_subscriptions_session on threadkeep.push_subscriptions (session_id);

-- Not yet taken by the browser's push service.
create table threadkeep.push_jobs (
    id              uuid primary key,
    account_id      uuid not null,
    agent_id        uuid not null,
    notice_id       uuid not null,
    subscription_id uuid not null,
    due_at          timestamptz not null,
    give_up_at      timestamptz not null,
    tries           integer not null default 0,
    foreign key (account_id, agent_id, subscription_id)
        references threadkeep.push_subscriptions (account_id, agent_id, id) on delete cascade
);
create index push_jobs_due on threadkeep.push_jobs (due_at);
create index push_jobs_subscription on threadkeep.push_jobs (account_id, agent_id, subscription_id);

alter table threadkeep.notices add column pushed_at timestamptz;          -- of messages that fold: when the last of them was pushed
