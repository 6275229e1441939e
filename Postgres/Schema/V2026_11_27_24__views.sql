-- Lists that people make for themselves and for others. Written by the Api, each change only from the version that it was made on.
create table threadkeep.views (
    account_id uuid not null references threadkeep.business_accounts (id),
    id         uuid not null,
    name       text not null,
    owner_id   uuid,                                                      -- null: made by a program
    sharing    text not null check (sharing in ('private', 'team', 'everyone')),
    team_id    uuid,
    filters    text not null,                                             -- JSON: conditions, all of which must hold
    columns    text[] not null,
    sort       text not null,
    descending boolean not null,
    version    integer not null,
    changed_by uuid,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    deleted_at timestamptz,                                               -- kept a while, so that it can be taken back
    primary key (account_id, id)
);

create table threadkeep.view_pins (
    account_id uuid not null,
    agent_id   uuid not null,
    view_id    uuid not null,
    primary key (account_id, agent_id, view_id)
);
