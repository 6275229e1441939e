-- Since when an admin of the account has wanted the chats that the phone app holds (ADR 076); null: nobody has. What comes unasked is noted only.
alter table threadkeep.channels add column history_asked_at timestamptz;
