-- People: who may see which channels, teams, who was turned off, and the record of what was done. All small tables.

-- Limited: only the channels below, and those of the person's teams. Admins are never limited.
alter table threadkeep.agents
    add column channels_limited boolean not null default false,
    add column disabled_at timestamptz;

create table threadkeep.agent_channels (
    account_id uuid not null,
    agent_id   uuid not null,
    channel_id uuid not null,
    primary key (account_id, agent_id, channel_id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade,
    foreign key (account_id, channel_id) references threadkeep.channels (account_id, id) on delete cascade
);

create table threadkeep.teams (
    account_id uuid not null references threadkeep.business_accounts (id),
    id         uuid not null,
    name       text not null,
    created_at timestamptz not null,
    primary key (account_id, id)
);
create unique index teams_name on threadkeep.teams (account_id, lower(name));

create table threadkeep.team_members (
    account_id uuid not null,
    team_id    uuid not null,
    agent_id   uuid not null,
    primary key (account_id, team_id, agent_id),
    foreign key (account_id, team_id) references threadkeep.teams (account_id, id) on delete cascade,
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create index team_members_agent on threadkeep.team_members (account_id, agent_id);

-- Channels that every member of a team may see.
create table threadkeep.team_channels (
    account_id uuid not null,
    team_id    uuid not null,
    channel_id uuid not null,
    primary key (account_id, team_id, channel_id),
    foreign key (account_id, team_id) references threadkeep.teams (account_id, id) on delete cascade,
    foreign key (account_id, channel_id) references threadkeep.channels (account_id, id) on delete cascade
);

-- What was done by whom. Names stand as they were then. The serving role can add to it and read it, and nothing else (RuntimeRole).
create table threadkeep.audit_log (
    account_id   uuid not null,
    id           uuid not null,
    at           timestamptz not null,
    actor_kind   text not null check (actor_kind in ('agent', 'api_key', 'operator', 'nobody')),
    actor_id     uuid,
    actor_name   text,
    address      text,                                                    -- where from, as an IP address
    action       text not null,
    subject_kind text,
    subject_id   text,
    subject_name text,
    details      jsonb,                                                   -- {"before": …, "after": …}; no secrets
    primary key (account_id, id)
);
create index audit_log_order on threadkeep.audit_log (account_id, at desc, id desc);
create index audit_log_actor on threadkeep.audit_log (account_id, actor_id, at desc, id desc);

create index sign_in_sessions_agent on threadkeep.sign_in_sessions (account_id, agent_id);
