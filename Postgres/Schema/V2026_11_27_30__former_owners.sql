-- Who let an identity go, and until when what was written under it was theirs: the latest first, the last eight of them (ADR 014).
alter table threadkeep.identity_generations
    add column released_at timestamptz[] not null default '{}',           -- Meta's time
    add column released_by uuid[] not null default '{}';                  -- the thread
