-- What every process last said about itself, for the operators' page: written by each for itself, every few seconds.
-- Small, and never in an index but for its key, so that updates stay on the page.
create table threadkeep.host_reports (
    host        text primary key,
    kind        text not null check (kind in ('api', 'silo')),
    started_at  timestamptz not null,
    reported_at timestamptz not null,
    report      jsonb not null
) with (fillfactor = 50);
