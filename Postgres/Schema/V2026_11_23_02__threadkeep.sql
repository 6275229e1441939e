-- Threadkeep's own tables. Keys lead with the account, so that tables can be distributed by it.
-- Columns that churn (status, times, counters) stay out of every index, so that their updates stay HOT.

-- Accounts and people -------------------------------------------------------------------------------------

create table threadkeep.business_accounts (
    id                 uuid primary key,
    name               text not null,
    time_zone          text not null,
    country            text not null,
    conversation_limit integer check (conversation_limit >= 0),          -- null: no limit
    created_at         timestamptz not null
);

-- Which anniversary day and zone are in force from when; the first row is the subscription.
create table threadkeep.quota_anchors (
    account_id     uuid not null references threadkeep.business_accounts (id),
    effective_from timestamptz not null,
    day_of_month   smallint not null check (day_of_month between 1 and 31),
    time_zone      text not null,
    primary key (account_id, effective_from)
);

create table threadkeep.agents (
    account_id    uuid not null references threadkeep.business_accounts (id),
    id            uuid not null,
    name          text not null,
    email         text not null,
    password_hash text not null,
    role          text not null check (role in ('admin', 'supervisor', 'agent', 'viewer')),
    language      text not null check (language in ('en', 'ja')),
    send_key      text check (send_key in ('enter', 'ctrlEnter')),
    created_at    timestamptz not null,
    primary key (account_id, id)
);
create unique index agents_email on threadkeep.agents (lower(email));

create table threadkeep.sign_in_sessions (
    token_hash bytea primary key,
    account_id uuid not null,
    agent_id   uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create table threadkeep.api_keys (
    account_id uuid not null references threadkeep.business_accounts (id),
    name       text not null,
    key_hash   bytea not null,
    created_at timestamptz not null,
    primary key (account_id, name)
);
create unique index api_keys_hash on threadkeep.api_keys (key_hash);

-- Channels ------------------------------------------------------------------------------------------------

create table threadkeep.meta_apps (
    app_key       text primary key,                                       -- in the webhook's path; 'default' without one
    app_id        text not null,
    app_secret    bytea not null,                                         -- encrypted
    verify_token  bytea not null                                          -- encrypted
);

create table threadkeep.channels (
    account_id           uuid not null references threadkeep.business_accounts (id),
    id                   uuid not null,
    app_key              text not null references threadkeep.meta_apps (app_key),
    waba_id              text not null,
    phone_number_id      text not null,
    display_phone_number text not null,
    name                 text not null,
    access_token         bytea not null,                                  -- encrypted
    state                text not null check (state in ('connected', 'disconnected')),
    attention            text,                                            -- why Meta refuses us, e.g. token_invalid
    first_connected_at   timestamptz not null,
    primary key (account_id, id)
);
create unique index channels_one_owner on threadkeep.channels (phone_number_id) where state = 'connected';
create index channels_phone_number on threadkeep.channels (phone_number_id);

-- What a channel was told that is not shown in a thread: older than its first Connect, written in a group.
create table threadkeep.channel_events (
    account_id  uuid not null,
    channel_id  uuid not null,
    wamid       text not null,
    kind        text not null,
    at          timestamptz not null,
    received_at timestamptz not null,
    primary key (account_id, channel_id, wamid)
);

create table threadkeep.templates (
    account_id       uuid not null,
    waba_id          text not null,
    name             text not null,
    language         text not null,
    graph_id         text not null,
    category         text not null,
    status           text not null,
    parameter_format text not null,
    components       text not null,                                       -- Meta's JSON, as it came
    synced_at        timestamptz not null,
    primary key (account_id, waba_id, name, language)
);

-- Contacts and identities ---------------------------------------------------------------------------------

create table threadkeep.contacts (
    account_id uuid not null,
    id         uuid not null,
    name       text,
    phone      text,
    created_at timestamptz not null,
    primary key (account_id, id)
);

-- Who owns an identity on a channel now: 'wa:' + digits or 'user:' + business-scoped id.
create table threadkeep.thread_identities (
    account_id uuid not null,
    channel_id uuid not null,
    identity   text not null,
    thread_id  uuid not null,
    constraint thread_identities_owner primary key (account_id, channel_id, identity)
);

-- How often an identity was released (number changed hands): the next owner gets another thread.
create table threadkeep.identity_generations (
    account_id uuid not null,
    channel_id uuid not null,
    identity   text not null,
    generation integer not null,
    primary key (account_id, channel_id, identity)
);

-- Two threads that one payload named as one person; for merging.
create table threadkeep.identity_conflicts (
    account_id  uuid not null,
    channel_id  uuid not null,
    thread_id   uuid not null,
    other_id    uuid not null,
    wamid       text not null,
    noticed_at  timestamptz not null,
    primary key (account_id, channel_id, thread_id, other_id)
);

-- Threads -------------------------------------------------------------------------------------------------

create table threadkeep.threads (
    account_id        uuid not null,
    id                uuid not null,
    channel_id        uuid not null,
    contact_id        uuid not null,
    generation        integer not null,
    wa_id             text,
    user_id           text,
    identity_at       timestamptz not null,                               -- Meta's time of the message that named them
    profile_name      text,
    version           integer not null,                                   -- the fence: moved by the thread's grain alone
    revision          bigint not null,                                    -- moved by every visible change; REST's "version"
    last_seq          integer not null,
    read_seq          integer not null,
    unread            integer not null,
    answer_owed       boolean not null,
    last_inbound_at   timestamptz,
    session_seq       integer,                                            -- the message that opened it: the session's id
    session_opened_at timestamptz,
    session_warned    boolean not null,
    session_closed    boolean not null,
    session_counted   boolean not null,                                   -- a user-initiated session already in the quota
    alarm_at          timestamptz,                                        -- when the reminder is due
    ticket_id         uuid,
    ticket_number     integer,
    ticket_status     text,
    preview_seq       integer,                                            -- the message shown in lists
    preview_at        timestamptz,
    created_at        timestamptz not null,
    primary key (account_id, id)
) with (fillfactor = 80);
create index threads_alarm on threadkeep.threads (alarm_at) where alarm_at is not null;

-- The list's order moves with every message: a narrow table of its own keeps that churn off the wide one.
create table threadkeep.thread_activity (
    account_id uuid not null,
    thread_id  uuid not null,
    channel_id uuid not null,
    at         timestamptz not null,
    primary key (account_id, thread_id)
) with (fillfactor = 80);
create index thread_activity_order on threadkeep.thread_activity (account_id, at desc, thread_id desc);

create table threadkeep.messages (
    account_id      uuid not null,
    thread_id       uuid not null,
    seq             integer not null,                                     -- arrival, counted by the thread
    channel_id      uuid not null,
    direction       smallint not null,                                    -- 0 inbound, 1 outbound, 2 the thread's own
    type            text not null,
    text            text,
    wamid           text,
    context_wamid   text,
    at              timestamptz not null,                                 -- Meta's time; ours for what we made
    received_at     timestamptz not null,
    late            boolean not null,
    time_doubtful   boolean not null,
    status          smallint,                                             -- see threadkeep.forward_status
    sent_at         timestamptz,
    delivered_at    timestamptz,
    read_at         timestamptz,
    played_at       timestamptz,
    failed_at       timestamptz,
    unconfirmed_at  timestamptz,
    error_code      text,
    meta_error_code integer,
    error_detail    text,
    agent_id        uuid,
    repeated_by     integer,                                              -- the message that sends this one again
    body            text,                                                 -- outbound: the Cloud API body without its address
    template_name   text,
    template_language text,
    media_state     smallint,                                             -- 0 pending, 1 ready, 2 failed, 3 too large
    media_sha256    text,
    media_mime      text,
    media_size      bigint,
    media_name      text,
    data            text,                                                 -- the thread's own items: particulars as JSON
    raw             bytea,                                                -- inbound: the event as it came
    primary key (account_id, thread_id, seq)
) with (fillfactor = 85);
create unique index messages_wamid on threadkeep.messages (account_id, channel_id, wamid) where wamid is not null;
create index messages_order on threadkeep.messages (account_id, thread_id, at, seq);

create table threadkeep.tickets (
    account_id uuid not null,
    id         uuid not null,
    number     integer not null,
    thread_id  uuid,
    contact_id uuid not null,
    source     text not null,
    status     text not null,
    opened_at  timestamptz not null,
    primary key (account_id, id)
);
create unique index tickets_number on threadkeep.tickets (account_id, number);

create table threadkeep.ticket_numbers (
    account_id uuid primary key,
    next       integer not null
);

-- Sends ---------------------------------------------------------------------------------------------------

create table threadkeep.idempotency_keys (
    account_id   uuid not null,
    key          text not null,
    thread_id    uuid not null,
    seq          integer not null,
    request_hash bytea not null,
    created_at   timestamptz not null,
    constraint idempotency_keys_key primary key (account_id, key)
);
create index idempotency_keys_age on threadkeep.idempotency_keys using brin (created_at);

-- One row for each message that is queued or being sent; small, so that polling it is cheap.
create table threadkeep.outbound_queue (
    account_id   uuid not null,
    channel_id   uuid not null,
    thread_id    uuid not null,
    seq          integer not null,
    lane         smallint not null,                                       -- 0 replies, 1 bulk
    due_at       timestamptz not null,                                    -- queued: not before; sending: its expiry
    attempt      uuid,                                                    -- set while sending
    expires_at   timestamptz,
    tries        integer not null,
    accepted_at  timestamptz not null,
    primary key (account_id, thread_id, seq)
);
create index outbound_queue_order on threadkeep.outbound_queue (account_id, channel_id, lane, due_at, thread_id);

create table threadkeep.media (
    account_id uuid not null,
    sha256     text not null,
    mime       text not null,
    size       bigint not null,
    name       text,
    created_at timestamptz not null,
    primary key (account_id, sha256)
);

-- Uploads already made to Meta, usable for 30 days.
create table threadkeep.media_uploads (
    account_id uuid not null,
    channel_id uuid not null,
    sha256     text not null,
    graph_id   text not null,
    expires_at timestamptz not null,
    primary key (account_id, channel_id, sha256)
);

-- Inbound files still to be fetched.
create table threadkeep.media_jobs (
    account_id uuid not null,
    channel_id uuid not null,
    thread_id  uuid not null,
    seq        integer not null,
    graph_id   text not null,
    mime       text not null,
    sha256     text,
    name       text,
    tries      integer not null default 0,
    due_at     timestamptz not null,
    give_up_at timestamptz not null,
    primary key (account_id, thread_id, seq)
);
create index media_jobs_due on threadkeep.media_jobs (due_at);

-- Quota ---------------------------------------------------------------------------------------------------

create table threadkeep.quota_ledger (
    account_id   uuid not null,
    thread_id    uuid not null,
    seq          integer not null,                                        -- the message that it was drawn for
    period_start timestamptz not null,
    slot         integer not null check (slot > 0),
    kind         text not null check (kind in ('business_initiated', 'user_initiated')),
    state        text not null check (state in ('reserved', 'counted', 'released')),
    session_seq  integer,                                                 -- user_initiated: the session
    created_at   timestamptz not null,
    primary key (account_id, thread_id, seq)
);
create unique index quota_ledger_slot on threadkeep.quota_ledger (account_id, period_start, slot) where state <> 'released';
create unique index quota_ledger_session on threadkeep.quota_ledger (account_id, thread_id, session_seq)
    where session_seq is not null and state <> 'released';

create table threadkeep.quota_alerts (
    account_id   uuid not null,
    period_start timestamptz not null,
    threshold    smallint not null,
    raised_at    timestamptz not null,
    primary key (account_id, period_start, threshold)
);

-- What could not be stored as it is ------------------------------------------------------------------------

create table threadkeep.webhook_leftovers (
    id              uuid primary key,
    app_key         text not null,
    phone_number_id text not null,
    account_id      uuid,
    channel_id      uuid,
    thread_id       uuid,
    seq             integer,                                              -- its placeholder
    kind            text not null,                                        -- message, status, unreadable
    item_hash       bytea not null,
    reason          text not null,
    detail          text not null,
    item            bytea not null,                                       -- as it came
    received_at     timestamptz not null,
    expires_at      timestamptz,
    replayed_at     timestamptz
);
create unique index webhook_leftovers_item on threadkeep.webhook_leftovers (phone_number_id, item_hash);
create index webhook_leftovers_account on threadkeep.webhook_leftovers (account_id, received_at desc, id desc);

-- What changed, for all who follow: one row a commit -------------------------------------------------------

create table threadkeep.outbox (
    id         bigint generated always as identity primary key,
    account_id uuid not null,
    thread_id  uuid not null,
    revision   bigint not null,
    at         timestamptz not null default clock_timestamp()
);
create index outbox_age on threadkeep.outbox using brin (at) with (pages_per_range = 16, autosummarize = on);

-- Functions -----------------------------------------------------------------------------------------------

-- Where a message stands: 0 queued, 1 sending, 2 unconfirmed, 3 sent, 4 delivered, 5 read, 6 played, 7 failed,
-- 8 cancelled. It only moves forward; failed counts over sent and less, and a later delivery or read over failed.
create function threadkeep.forward_status(current smallint, told smallint) returns smallint
language sql immutable parallel safe as $$
    select case
        when current = 8 then current
        when told = 7 then case when current <= 3 then told else current end
        when current = 7 then case when told between 4 and 6 then told else current end
        else greatest(current, told)
    end
$$;
