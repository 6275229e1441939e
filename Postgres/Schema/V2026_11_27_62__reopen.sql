-- A message on a ticket that was closed so few days ago opens it again; 0: it makes a new one.
alter table threadkeep.business_accounts add column reopen_days smallint not null default 0 check (reopen_days between 0 and 90);
