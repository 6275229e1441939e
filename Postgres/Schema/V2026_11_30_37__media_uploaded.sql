-- Whether somebody here uploaded it. What only customers sent is nobody's once no message holds it any more (MediaIndex); of what was there
-- before, nobody knows.
alter table threadkeep.media add column uploaded boolean not null default true;
