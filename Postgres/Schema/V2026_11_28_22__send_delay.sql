-- What agents send waits so many seconds, in which it can be taken back.
alter table threadkeep.business_accounts add column send_delay smallint not null default 0 check (send_delay in (0, 5, 10));
