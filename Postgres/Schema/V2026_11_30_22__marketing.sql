-- Whether the customer wants marketing from this number, as last heard (RE4): marketing templates are refused while they do not.
alter table threadkeep.thread_persons
    add column marketing_stopped boolean,                                 -- null: nobody has said anything
    add column marketing_at      timestamptz,                             -- Meta's time of it
    add column marketing_source  text;                                    -- whatsapp: said there, by the customer
