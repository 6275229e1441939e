-- What the customer is told of an agent who reads or writes: nothing, unless the account wants it.
alter table threadkeep.business_accounts
    add column read_marks boolean not null default false,
    add column typing_signs boolean not null default false;
