-- Mails that gather notices.
alter table threadkeep.notice_settings add column digest_at timestamptz;  -- when the next one is due; null: none is wanted
create index notice_settings_digest on threadkeep.notice_settings (digest_at) where digest_at is not null;
alter table threadkeep.notices add column mailed_at timestamptz;
