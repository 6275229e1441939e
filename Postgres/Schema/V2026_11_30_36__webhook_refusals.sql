-- Webhooks that no known secret signed, by the app whose address they came to: the channel's page shows them.
create table threadkeep.webhook_refusals (
    app_key text not null references threadkeep.meta_apps (app_key) on delete cascade,
    day     date not null,                                                -- UTC
    count   bigint not null,
    last_at timestamptz not null,
    primary key (app_key, day)
);
