-- Business hours, several to an account. Written by the Api, each change only from the version that it was made on.
create table threadkeep.schedules (
    account_id uuid not null references threadkeep.business_accounts (id),
    id         uuid not null,
    name       text not null,
    time_zone  text not null,
    spans      text not null,                                             -- JSON: weekday, from and to in minutes of the day
    countries  text[] not null,                                           -- whose public holidays are days off
    holidays   text not null,                                             -- JSON: days off of the account's own
    version    integer not null,
    created_at timestamptz not null,
    primary key (account_id, id)
);
