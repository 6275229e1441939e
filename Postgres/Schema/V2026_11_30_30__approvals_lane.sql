-- The lane that a message which waits for somebody's word came in: what was to be sent among many leaves among many.
alter table threadkeep.approvals add column bulk boolean not null default false;
