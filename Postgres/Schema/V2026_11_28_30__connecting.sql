-- A number that Meta has let an account have, and that nobody has connected yet, is a channel too: 'ready'.
alter table threadkeep.channels
    alter column first_connected_at drop not null,
    add column pin             bytea,                                     -- encrypted; the six digits it was registered with
    add column disconnected_at timestamptz,
    drop constraint channels_state_check,
    add constraint channels_state_check check (state in ('ready', 'connected', 'disconnected')),
    add constraint channels_began_check check (state = 'ready' or first_connected_at is not null);

-- Apps of the deployment (no account), and those that an account brought along. The deployment's app with a login configuration is
-- the one that people sign up with.
alter table threadkeep.meta_apps
    add column account_id uuid references threadkeep.business_accounts (id),
    add column config_id  text;

-- Who began to sign up: the state goes out with the pop-up, comes back once, and only from whom it was given to.
create table threadkeep.signups (
    state_hash    bytea primary key,
    account_id    uuid not null references threadkeep.business_accounts (id),
    agent_id      uuid not null,
    terms_version text not null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz
);
create index signups_expiry on threadkeep.signups (expires_at);
