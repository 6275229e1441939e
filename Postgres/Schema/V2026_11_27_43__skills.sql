-- What people can do, and what tickets need of whoever takes them. Skills are written by the Api, needs by the ticket's thread.
create table threadkeep.skills (
    account_id uuid not null references threadkeep.business_accounts (id),
    id         uuid not null,
    name       text not null,
    created_at timestamptz not null,
    primary key (account_id, id)
);
create unique index skills_name on threadkeep.skills (account_id, lower(name));

create table threadkeep.agent_skills (
    account_id uuid not null,
    agent_id   uuid not null,
    skill_id   uuid not null,
    level      smallint not null check (level between 1 and 5),
    primary key (account_id, agent_id, skill_id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade,
    foreign key (account_id, skill_id) references threadkeep.skills (account_id, id) on delete cascade
);

-- <skill's id>:<least level>; a skill that was removed is needed no more.
alter table threadkeep.tickets add column skills text[] not null default '{}';
