-- A ticket without a conversation lives in a thread of its own that has no channel: thread, channel and ticket have one id (ADR 066).
-- While it goes over to a conversation's thread, that is named here: from then on nothing but the move is written.
alter table threadkeep.tickets add column moving_to uuid;
