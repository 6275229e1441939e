-- How a voice message looks and how long it is, drawn from its samples once: the loudest of each of its parts, 0 to 255. Empty: it cannot
-- be drawn; null: nobody has tried.
alter table threadkeep.media add column waveform bytea, add column seconds real;
