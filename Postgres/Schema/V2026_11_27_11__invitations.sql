-- Invitations, links for a new password, and mails that wait to leave. Small tables; of a link only its hash is kept.
create table threadkeep.invitations (
    account_id       uuid not null references threadkeep.business_accounts (id),
    id               uuid not null,
    email            text not null,
    role             text not null check (role in ('admin', 'supervisor', 'agent', 'viewer')),
    language         text not null check (language in ('en', 'ja')),
    channels_limited boolean not null,
    channels         uuid[] not null,
    teams            uuid[] not null,
    token_hash       bytea not null,
    invited_by       text,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    primary key (account_id, id)
);
create unique index invitations_email on threadkeep.invitations (account_id, lower(email));
create unique index invitations_token on threadkeep.invitations (token_hash);

create table threadkeep.password_links (
    token_hash bytea primary key,
    account_id uuid not null,
    agent_id   uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create index password_links_agent on threadkeep.password_links (account_id, agent_id);

-- Not yet taken by the mail server. The content is encrypted: it holds links that open doors.
create table threadkeep.mails (
    id         uuid primary key,
    account_id uuid not null,
    sealed     bytea not null,
    created_at timestamptz not null,
    due_at     timestamptz not null,
    give_up_at timestamptz not null,
    tries      integer not null default 0
);
create index mails_due on threadkeep.mails (due_at);
