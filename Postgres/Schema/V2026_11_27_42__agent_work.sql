-- Whether somebody takes work now and how much, and what the account has as a rule. Written by the Api.
create table threadkeep.agent_work (                                      -- without a row: available, with the account's capacity
    account_id uuid not null,
    agent_id   uuid not null,
    available  boolean not null default true,
    since      timestamptz,                                               -- when that was switched last; null: never
    capacity   integer check (capacity between 0 and 1000),               -- null: the account's
    primary key (account_id, agent_id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);

create table threadkeep.assignment_settings (
    account_id       uuid primary key references threadkeep.business_accounts (id),
    version          integer not null,
    default_capacity integer not null check (default_capacity between 0 and 1000)
);
