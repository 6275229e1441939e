-- Merges delivery statuses into their messages without waking the threads. One row a message (told statuses of one
-- message come folded). Answers 1: merged, 2: merged as far as may be here, the thread must settle it
-- (it is still leaving, unconfirmed, has a ledger row that this status settles, or was sent and failed); no row: no such message.
-- Rows of outcome 3 are threads that look different now.
with told as materialized (
    select *
    from unnest(@s_ord::int[], @s_account::uuid[], @s_channel::uuid[], @s_thread::uuid[], @s_seq::int[], @s_wamid::text[], @s_status::int2[],
                @s_sent::timestamptz[], @s_delivered::timestamptz[], @s_read::timestamptz[], @s_played::timestamptz[],
                @s_failed::timestamptz[], @s_error::text[], @s_meta_error::int[], @s_detail::text[])
        as s (ord, account_id, channel_id, thread_id, seq, wamid, status,
              sent_at, delivered_at, read_at, played_at,
              failed_at, error_code, meta_error_code, error_detail)
),
found as materialized (
    select s.ord, s.account_id, m.thread_id, m.seq, m.status as current, l.state as ledger,
        s.status, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at, s.error_code, s.meta_error_code, s.error_detail,
        m.status <= 2 or coalesce(l.state = 'reserved', false)
            -- A draw on the quota is settled by its thread, one status after the other: what is seen here of the ledger may be
            -- about to change, and a failure and a delivery told at once must not pass each other.
            or l.state is not null and s.status >= 4
            -- A failed answer is owed again, which its thread may have to warn of.
            or s.status = 7 and m.status = 3 as for_thread
    from told s
    cross join lateral (
        -- Our own id, checked against the channel; else Meta's.
        select x.thread_id, x.seq, x.status, x.failed_at
        from threadkeep.messages x
        where s.thread_id is not null and x.account_id = s.account_id and x.thread_id = s.thread_id and x.seq = s.seq
            and x.channel_id = s.channel_id and x.direction = 1
        union all
        select x.thread_id, x.seq, x.status, x.failed_at
        from threadkeep.messages x
        where s.thread_id is null and x.account_id = s.account_id and x.channel_id = s.channel_id and x.wamid = s.wamid and x.direction = 1
    ) m
    left join threadkeep.quota_ledger l on l.account_id = s.account_id and l.thread_id = m.thread_id and l.seq = m.seq
),
held as materialized (
    select f.*
    from (select * from found order by thread_id) f
    cross join lateral (
        select th.id from threadkeep.threads th where th.account_id = f.account_id and th.id = f.thread_id for no key update
    ) th
),
merged as (
    update threadkeep.messages x
    set status = threadkeep.forward_status(x.status, h.status),
        sent_at = least(x.sent_at, h.sent_at), delivered_at = least(x.delivered_at, h.delivered_at),
        read_at = least(x.read_at, h.read_at), played_at = least(x.played_at, h.played_at), failed_at = least(x.failed_at, h.failed_at),
        error_code = coalesce(h.error_code, x.error_code), meta_error_code = coalesce(h.meta_error_code, x.meta_error_code),
        error_detail = coalesce(h.error_detail, x.error_detail)
    from held h
    where x.account_id = h.account_id and x.thread_id = h.thread_id and x.seq = h.seq and x.status > 2
        -- A status told before changes nothing, and so writes nothing.
        and (threadkeep.forward_status(x.status, h.status) <> x.status
            or least(x.sent_at, h.sent_at) is distinct from x.sent_at
            or least(x.delivered_at, h.delivered_at) is distinct from x.delivered_at
            or least(x.read_at, h.read_at) is distinct from x.read_at
            or least(x.played_at, h.played_at) is distinct from x.played_at
            or least(x.failed_at, h.failed_at) is distinct from x.failed_at)
    returning x.account_id, x.thread_id
),
moved as (
    update threadkeep.threads th
    set revision = th.revision + 1
    from (select distinct account_id, thread_id from merged) m
    where th.account_id = m.account_id and th.id = m.thread_id
    returning th.account_id, th.id, th.revision
),
outbox as (
    insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) select account_id, id, revision, 0, 0 from moved
)
select ord, case when for_thread then 2 else 1 end as outcome, account_id, thread_id, seq, null::bigint as revision from found
union all
select 0, 3, account_id, id, null, revision from moved
