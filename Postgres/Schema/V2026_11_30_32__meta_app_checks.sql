-- Walks of the way between Meta and this deployment (ADR 095), the last few. Written by the Api host that walks, step by step, so that whoever
-- loads the page again sees how far it is; one that is not finished and has not moved lately was interrupted.
create table threadkeep.meta_app_checks (
    id          uuid primary key,
    started_at  timestamptz not null,
    moved_at    timestamptz not null,
    finished_at timestamptz,
    started_by  text not null,                                            -- the person's name
    steps       text not null                                             -- JSON: MetaAppStep
);
