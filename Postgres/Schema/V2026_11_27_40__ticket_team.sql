-- The team whose work a ticket is; what a team that was removed leaves behind counts as none.
alter table threadkeep.tickets add column team_id uuid;
