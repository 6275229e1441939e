-- What whoever wrote it has taken back is kept, or goes for good (ME2).
alter table threadkeep.business_accounts add column purge_deleted boolean not null default false;
