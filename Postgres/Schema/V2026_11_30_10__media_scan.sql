-- What the scanner said of a file (ADR 090): 0 to be asked again, 1 clean, 2 infected, 3 too large for it; null: there was none to ask.
alter table threadkeep.media add column scan smallint;
-- When it is asked next, where it is to be asked.
alter table threadkeep.media add column scan_at timestamptz not null default now();
