-- A schema of two files, for MigratorTests.
create table threadkeep.sample (id integer primary key, name text);
