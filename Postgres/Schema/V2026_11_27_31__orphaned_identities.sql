-- Identities that were claimed and let go in one commit stayed with a thread that does not go by them, and nobody else could have them
-- (ADR 014). They are let go now, as they would have been then.
with orphaned as (
    delete from threadkeep.thread_identities i
    using threadkeep.threads t
    where t.account_id = i.account_id and t.id = i.thread_id
        and i.identity is distinct from 'wa:' || t.wa_id and i.identity is distinct from 'user:' || t.user_id
    returning i.account_id, i.channel_id, i.identity, i.thread_id, t.identity_at
)
insert into threadkeep.identity_generations as g (account_id, channel_id, identity, generation, released_at, released_by)
select account_id, channel_id, identity, 1, array[identity_at], array[thread_id] from orphaned
on conflict (account_id, channel_id, identity) do update
    set generation = g.generation + 1,
        released_at = (excluded.released_at || g.released_at)[1:8], released_by = (excluded.released_by || g.released_by)[1:8];
