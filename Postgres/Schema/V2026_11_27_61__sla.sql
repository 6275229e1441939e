-- What an account promises: which policies there are. Written by the Api, each change only from the version that it was made on.
create table threadkeep.sla_settings (
    account_id uuid primary key references threadkeep.business_accounts (id),
    policies   text not null,                                             -- JSON, in their order: the first that fits counts
    version    integer not null
);

-- When a ticket is due; written by its thread. A clock that stands has what is left instead of a time.
create table threadkeep.ticket_terms (
    account_id             uuid not null,
    ticket_id              uuid not null,
    thread_id              uuid,
    policy_id              uuid,                                          -- null: no promise (any more)
    response_minutes       integer,
    response_due_at        timestamptz,
    response_left          integer,                                       -- seconds of business, below 0: overdue by them
    response_breached_at   timestamptz,
    resolution_minutes     integer,
    resolution_due_at      timestamptz,
    resolution_left        integer,
    resolution_breached_at timestamptz,
    alarm_at               timestamptz,                                   -- the next breach to note
    primary key (account_id, ticket_id)
);
create index ticket_terms_alarm on threadkeep.ticket_terms (alarm_at) where alarm_at is not null;
