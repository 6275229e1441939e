-- When it is looked at next whether anything still points at a file (ADR 091). Files of before, and those that a silo of before takes in
-- during an upgrade, have three days.
alter table threadkeep.media add column check_at timestamptz not null default now() + interval '3 days';
