-- Who stays away hands back what waits on us, and people are told what concerns them alone.
alter table threadkeep.agent_work add column returned_at timestamptz;     -- away: when that was done; null: not yet, or there

alter table threadkeep.assignment_settings
    add column away_minutes integer not null default 15 check (away_minutes between 1 and 480);

-- Written by the account's assignment; whoever is told says that they have seen it.
create table threadkeep.notices (
    account_id uuid not null,
    agent_id   uuid not null,                                             -- who is told
    id         uuid not null,
    at         timestamptz not null,
    kind       text not null,
    data       text not null,                                             -- JSON
    seen_at    timestamptz,
    primary key (account_id, agent_id, id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create index notices_age on threadkeep.notices using brin (at);
