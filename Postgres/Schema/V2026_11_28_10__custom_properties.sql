-- What an account knows of its tickets beside what every ticket has. Definitions are written by the Api, each change only from the version
-- that it was made on; values by the ticket's thread. An archived one keeps its values and is nowhere offered.
create table threadkeep.custom_properties (
    account_id   uuid not null references threadkeep.business_accounts (id),
    id           uuid not null,
    label        text not null,
    type         text not null check (type in ('text', 'number', 'date', 'choice', 'choices', 'flag')),
    choices      text not null default '[]',                              -- JSON, in their order
    ask_on_close boolean not null default false,
    archived_at  timestamptz,
    version      integer not null default 1,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create unique index custom_properties_label on threadkeep.custom_properties (account_id, lower(label)) where archived_at is null;

-- <property's id>: text, number, date as text, choice's id, choices' ids or boolean. What is not known is not there.
alter table threadkeep.tickets add column properties jsonb not null default '{}';
