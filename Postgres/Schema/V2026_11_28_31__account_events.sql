-- What Meta tells of a number or its account beside messages is an event too, with what it said.
alter table threadkeep.channel_events add column detail jsonb;

alter table threadkeep.templates
    add column quality text,                                              -- GREEN, YELLOW, RED or UNKNOWN
    add column reason  text,                                              -- why it was rejected or paused, in Meta's words
    add column told_at timestamptz;                                       -- the newest webhook about its status
