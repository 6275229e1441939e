-- evolve-tx-off
create index concurrently if not exists webhook_leftovers_unclaimed on threadkeep.webhook_leftovers (app_key, received_at desc, id desc) where account_id is null and replayed_at is null;
