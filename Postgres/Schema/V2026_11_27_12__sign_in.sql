-- Signing in: sessions that can be told apart, waits after wrong guesses, devices that are known, the second factor, and what the
-- account asks of its people. Small tables.
alter table threadkeep.sign_in_sessions
    add column id uuid not null default gen_random_uuid(),
    add column last_seen_at timestamptz,
    add column address text,
    add column user_agent text,
    add column via text not null default 'password' check (via in ('password', 'provider'));
create unique index sign_in_sessions_id on threadkeep.sign_in_sessions (id);

-- Wrong guesses by what they were about: an address, a source, a known device. No address stands here as it is.
create table threadkeep.sign_in_attempts (
    key        text primary key,
    failures   integer not null,
    last_at    timestamptz not null,
    wait_until timestamptz,
    refused    boolean not null                                          -- the last one came too early and was not looked at
);

-- Browsers that somebody has signed in with: what strangers guess elsewhere does not make them wait.
create table threadkeep.known_devices (
    token_hash bytea not null,
    account_id uuid not null,
    agent_id   uuid not null,
    used_at    timestamptz not null,
    primary key (token_hash, account_id, agent_id),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);

alter table threadkeep.agents
    add column totp_secret bytea,                                        -- encrypted
    add column totp_confirmed_at timestamptz,                            -- null: not in use (yet)
    add column totp_last_step bigint;                                    -- codes of this step and before are used up

create table threadkeep.recovery_codes (
    account_id uuid not null,
    agent_id   uuid not null,
    code_hash  bytea not null,
    primary key (account_id, agent_id, code_hash),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);

alter table threadkeep.business_accounts
    add column language text not null default 'en' check (language in ('en', 'ja')),
    add column second_factor_required boolean not null default false;
