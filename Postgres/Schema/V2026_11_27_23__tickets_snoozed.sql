-- evolve-tx-off
create index concurrently if not exists tickets_snoozed on threadkeep.tickets (snoozed_until) where snoozed_until is not null;
