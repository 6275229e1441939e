-- Signing in with an OpenID Connect provider: what is under way (minutes), and who is who there.
create table threadkeep.provider_sign_ins (
    state_hash   bytea primary key,
    browser_hash bytea not null,                                         -- the browser that began it
    nonce        text not null,
    verifier     bytea not null,                                         -- PKCE, encrypted
    return_to    text,
    expires_at   timestamptz not null
);

create table threadkeep.provider_identities (
    issuer     text not null,
    subject    text not null,
    account_id uuid not null,
    agent_id   uuid not null,
    created_at timestamptz not null,
    primary key (issuer, subject),
    foreign key (account_id, agent_id) references threadkeep.agents (account_id, id) on delete cascade
);
create index provider_identities_agent on threadkeep.provider_identities (account_id, agent_id);
