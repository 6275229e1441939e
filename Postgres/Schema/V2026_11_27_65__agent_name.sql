-- Texts of agents begin with a line that names them.
alter table threadkeep.business_accounts add column agent_name_first boolean not null default false;
