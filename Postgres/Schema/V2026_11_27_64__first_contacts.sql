-- What a channel says by itself when a customer begins to write. Written by the Api, each change only from the version that it was made on.
create table threadkeep.first_contacts (
    account_id uuid not null references threadkeep.business_accounts (id),
    channel_id uuid not null,
    settings   text not null,                                             -- JSON
    version    integer not null,
    primary key (account_id, channel_id)
);
