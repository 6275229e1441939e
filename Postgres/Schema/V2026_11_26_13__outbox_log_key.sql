-- The log's order takes the place of the key: a commit still writes one index.
alter table threadkeep.outbox drop constraint outbox_pkey, add constraint outbox_pkey primary key using index outbox_log;
