-- Tickets that go on in another one; written by a thread with the change that it makes.
create table threadkeep.ticket_merges (
    account_id uuid not null,
    ticket_id  uuid not null,
    into_id    uuid,                                                      -- null: taken back
    primary key (account_id, ticket_id)
);
