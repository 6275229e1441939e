-- Words that can be searched, folded (Postgres/Search). Written by the outbox's reader `search`, never by a thread's commit.
-- grams: pairs of neighbouring characters, hashed with the account and the week, so that neither another account's words nor older
-- weeks lie in the lists that a search reads.
create table threadkeep.message_search (
    account_id uuid not null,
    thread_id  uuid not null,
    seq        integer not null,
    at         timestamptz not null,
    channel_id uuid not null,
    direction  smallint not null,
    has_media  boolean not null,
    text       text not null,
    grams      integer[] not null,
    primary key (account_id, thread_id, seq)
);
create index message_search_order on threadkeep.message_search (account_id, at, thread_id, seq);
create index message_search_grams on threadkeep.message_search using gin (grams);

-- Names and numbers of each thread's customer.
create table threadkeep.thread_search (
    account_id uuid not null,
    thread_id  uuid not null,
    text       text not null,
    digits     text not null,
    grams      integer[] not null,
    primary key (account_id, thread_id)
);
create index thread_search_grams on threadkeep.thread_search using gin (grams);

-- New rows wait in the index's pending list, which every look-up reads through: whoever writes a batch ends with this.
-- As the owner, because the index's owner alone may do it.
create function threadkeep.settle_search() returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select gin_clean_pending_list('threadkeep.message_search_grams'), gin_clean_pending_list('threadkeep.thread_search_grams')
$$;
revoke execute on function threadkeep.settle_search() from public;
