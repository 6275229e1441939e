-- The next version's change, as the upgrade test plays it: columns on the busiest tables.
alter table threadkeep.threads add column upgrade_test integer not null default 0;
alter table threadkeep.messages add column upgrade_test text;
