-- A conversation that goes on in another one of its number (ADR 092). Of the one that went: where to. Of the one that takes it in: from whom it
-- takes messages, and whose address answers go to while its customer last wrote as somebody else.
alter table threadkeep.thread_persons
    add column merged_into   uuid,                                        -- null: it stands for itself
    add column merge_id      uuid,
    add column merged_at     timestamptz,
    add column merged_by     uuid,                                        -- the agent; null: a program
    add column merge_pending boolean not null default false,              -- the other one has not taken it in yet
    add column takes_in      uuid[] not null default '{}',
    add column reply_thread  uuid,                                        -- whose customer wrote last; null: its own
    add column reply_wa_id   text,
    add column reply_user_id text;
