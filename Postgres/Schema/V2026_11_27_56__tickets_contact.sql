-- evolve-tx-off
create index concurrently if not exists tickets_contact on threadkeep.tickets (account_id, contact_id);
