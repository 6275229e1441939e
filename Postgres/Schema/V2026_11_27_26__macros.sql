-- Several acts on a ticket under one name. Written by the Api, each change only from the version that it was made on.
create table threadkeep.macros (
    account_id uuid not null references threadkeep.business_accounts (id),
    id         uuid not null,
    name       text not null,
    actions    text not null,                                             -- JSON
    version    integer not null,
    created_at timestamptz not null,
    primary key (account_id, id)
);
