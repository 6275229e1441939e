-- What agents say of a ticket. While it is open, its status stands in its thread's row (threads.ticket_status), where messages move
-- it in the commit that they make anyway; closed stands here.
alter table threadkeep.tickets
    add column is_open           boolean not null default true,
    add column version           integer not null default 1,              -- moved by every change that a person makes
    add column subject           text,
    add column priority          text not null default 'normal',
    add column category          text,
    add column owner_id          uuid,
    add column tags              text[] not null default '{}',
    add column snoozed_until     timestamptz,
    add column first_response_at timestamptz,
    add column closed_at         timestamptz;

-- Who was named in a note: what the view Mentions lists.
create table threadkeep.mentions (
    account_id uuid not null,
    agent_id   uuid not null,
    thread_id  uuid not null,
    seq        integer not null,                                          -- the note
    at         timestamptz not null,
    primary key (account_id, agent_id, thread_id, seq)
);
