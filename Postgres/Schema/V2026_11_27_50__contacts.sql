-- Contacts as records (ADR 047). What customers' messages bring is inserted by their thread's commit, as before, and nothing more; people
-- and programs write the rest through the Api, each change only from the version that it was made on.
alter table threadkeep.contacts
    add column is_record      boolean not null default false,             -- somebody wrote in it; false: known from messages alone
    add column same_as        uuid,                                       -- the contact that this one is, which is no other's itself
    add column apart_from     uuid[] not null default '{}',               -- contacts with its number that somebody said it is not
    add column version        integer not null default 1,                 -- moved by every change that somebody makes
    add column family_name    text,
    add column given_name     text,
    add column family_reading text,
    add column given_reading  text,
    add column honorific      text,
    add column language       text,
    add column time_zone      text,
    add column email          text,
    add column mobile_phone   text,
    add column lifecycle      text,
    add column note           text,
    add column phone_key      text,                                       -- a record's numbers in the form that all ways of writing share
    add column mobile_key     text,
    add column profile_name   text,                                       -- WhatsApp's, as last heard
    add column sort_key       text collate "C",                                     -- its place in lists; null: not yet looked at
    add column search_text    text,                                       -- folded, one a line
    add column changed_at     timestamptz;

-- What happened to a contact, for its timeline.
create table threadkeep.contact_events (
    account_id uuid not null,
    contact_id uuid not null,
    at         timestamptz not null,
    id         uuid not null,
    kind       text not null,
    agent_id   uuid,
    data       text,                                                      -- particulars as JSON
    primary key (account_id, contact_id, at, id)
);

-- Which contact was found to be which other one, so that it can be taken back.
create table threadkeep.contact_merges (
    account_id uuid not null,
    id         uuid not null,
    contact_id uuid not null,
    into_id    uuid not null,
    kind       text not null check (kind in ('number', 'person')),        -- by its number alone, or somebody said so
    moved      uuid[] not null,                                           -- contacts that were the first one until then
    filled     text not null,                                             -- JSON: what the second took over where it had nothing
    agent_id   uuid,
    at         timestamptz not null,
    undone_at  timestamptz,
    primary key (account_id, id)
);
create index contact_merges_into on threadkeep.contact_merges (account_id, into_id) where undone_at is null;

-- The outbox's reader that keeps contacts up; what was stored before is filled in, contact by contact (fill_account, fill_thread).
insert into threadkeep.outbox_consumers (name, tx, id, filling)
values ('contacts', pg_snapshot_xmin(pg_current_snapshot()), 0, true);
