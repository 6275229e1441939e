-- How tickets find their owners by themselves: the account's rules, whose turn it is, and where each ticket stands. The waiting queue is
-- the tickets with queued_at: moved by their threads' commits, like the owner that ends it.
alter table threadkeep.assignment_settings
    add column rules    text not null default '[]',                       -- JSON, in their order
    add column rules_on boolean not null default false;                   -- one of them at least is in use

alter table threadkeep.tickets
    add column routed    boolean not null default false,                  -- the rules have looked at it since it has been nobody's
    add column queued_at timestamptz;                                     -- a rule wants it assigned, and nobody was free

-- Round robin: whoever had a rule's ticket longest ago is next. Written by the account's assignment grain.
create table threadkeep.assignment_turns (
    account_id uuid not null,
    rule_id    uuid not null,
    agent_id   uuid not null,
    turn       bigint not null,
    primary key (account_id, rule_id, agent_id)
);
