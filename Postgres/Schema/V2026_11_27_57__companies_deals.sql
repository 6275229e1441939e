-- Companies and deals, and whom they have to do with (ADR 048). Written by the Api, each change only from the version that it was made on.
create table threadkeep.companies (
    account_id  uuid not null references threadkeep.business_accounts (id),
    id          uuid not null,
    name        text not null,
    domain      text,
    phone       text,
    city        text,
    note        text,
    sort_key    text collate "C" not null,
    search_text text not null,
    version     integer not null default 1,
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    primary key (account_id, id)
);
create index companies_order on threadkeep.companies (account_id, sort_key, id);

create table threadkeep.deals (
    account_id  uuid not null references threadkeep.business_accounts (id),
    id          uuid not null,
    name        text not null,
    amount      numeric(18, 4),
    currency    text,                                                     -- ISO 4217; set where the amount is
    stage       text not null,
    close_date  date,
    owner_id    uuid,
    note        text,
    sort_key    text collate "C" not null,
    search_text text not null,
    version     integer not null default 1,
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    primary key (account_id, id)
);
create index deals_order on threadkeep.deals (account_id, sort_key, id);

create table threadkeep.contact_companies (
    account_id uuid not null,
    contact_id uuid not null,
    company_id uuid not null,
    at         timestamptz not null,
    primary key (account_id, contact_id, company_id),
    foreign key (account_id, company_id) references threadkeep.companies (account_id, id)
);
create index contact_companies_company on threadkeep.contact_companies (account_id, company_id);

create table threadkeep.contact_deals (
    account_id uuid not null,
    contact_id uuid not null,
    deal_id    uuid not null,
    at         timestamptz not null,
    primary key (account_id, contact_id, deal_id),
    foreign key (account_id, deal_id) references threadkeep.deals (account_id, id)
);
create index contact_deals_deal on threadkeep.contact_deals (account_id, deal_id);
