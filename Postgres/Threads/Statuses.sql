-- Merges delivery statuses into their messages without waking the threads. One row a message (told statuses of one
-- message come folded). Answers 1: merged, 2: merged as far as may be here, the thread must settle it
-- (it is still leaving, unconfirmed, has a ledger row that this status settles, or was sent and failed); no row: no such message.
-- Rows of outcome 3 are threads that look different now.
with told as materialized (
    select *
    from unnest(@s_ord::int[], @s_account::uuid[], @s_channel::uuid[], @s_thread::uuid[], @s_seq::int[], @s_wamid::text[], @s_status::int2[],
                @s_sent::timestamptz[], @s_delivered::timestamptz[], @s_read::timestamptz[], @s_played::timestamptz[],
                @s_failed::timestamptz[], @s_error::text[], @s_meta_error::int[], @s_detail::text[],
                @s_price_category::text[], @s_price_type::text[])
        as s (ord, account_id, channel_id, thread_id, seq, wamid, status,
              sent_at, delivered_at, read_at, played_at,
              failed_at, error_code, meta_error_code, error_detail, price_category, price_type)
),
found as materialized (
    select s.ord, s.account_id, m.thread_id, m.seq, m.status as current, l.state as ledger,
        s.status, s.sent_at, s.delivered_at, s.read_at, s.played_at, s.failed_at, s.error_code, s.meta_error_code, s.error_detail,
        s.price_category, s.price_type,
        -- A status told before changes nothing, and so writes nothing.
        m.status > 2 and (threadkeep.forward_status(m.status, s.status) <> m.status
            or least(m.sent_at, s.sent_at) is distinct from m.sent_at
            or least(m.delivered_at, s.delivered_at) is distinct from m.delivered_at
            or least(m.read_at, s.read_at) is distinct from m.read_at
            or least(m.played_at, s.played_at) is distinct from m.played_at
            or least(m.failed_at, s.failed_at) is distinct from m.failed_at
            or s.price_category <> coalesce(m.price_category, '') or s.price_type <> coalesce(m.price_type, '')) as changes,
        m.status <= 2 or coalesce(l.state = 'reserved', false)
            -- A draw on the quota is settled by its thread, one status after the other: what is seen here of the ledger may be
            -- about to change, and a failure and a delivery told at once must not pass each other.
            or l.state is not null and s.status >= 4
            -- A failed answer is owed again, which its thread may have to warn of.
            or s.status = 7 and m.status = 3 as for_thread
    from told s
    cross join lateral (
        -- Our own id, checked against the channel; else Meta's.
        select x.thread_id, x.seq, x.status, x.sent_at, x.delivered_at, x.read_at, x.played_at, x.failed_at, x.price_category, x.price_type
        from threadkeep.messages x
        where s.thread_id is not null and x.account_id = s.account_id and x.thread_id = s.thread_id and x.seq = s.seq
            and x.channel_id = s.channel_id and x.direction = 1
        union all
        select x.thread_id, x.seq, x.status, x.sent_at, x.delivered_at, x.read_at, x.played_at, x.failed_at, x.price_category, x.price_type
        from threadkeep.messages x
        where s.thread_id is null and x.account_id = s.account_id and x.channel_id = s.channel_id and x.wamid = s.wamid and x.direction = 1
    ) m
    left join threadkeep.quota_ledger l on l.account_id = s.account_id and l.thread_id = m.thread_id and l.seq = m.seq
),
-- The thread first and then its messages, threads in their order: as commits lock them.
moved as (
    update threadkeep.threads th
    set revision = th.revision + 1
    from (select account_id, thread_id from found where changes group by account_id, thread_id order by thread_id) f
    where th.account_id = f.account_id and th.id = f.thread_id
    returning th.account_id, th.id, th.revision
),
merged as (
    update threadkeep.messages x
    set status = threadkeep.forward_status(x.status, f.status),
        sent_at = least(x.sent_at, f.sent_at), delivered_at = least(x.delivered_at, f.delivered_at),
        read_at = least(x.read_at, f.read_at), played_at = least(x.played_at, f.played_at), failed_at = least(x.failed_at, f.failed_at),
        error_code = coalesce(f.error_code, x.error_code), meta_error_code = coalesce(f.meta_error_code, x.meta_error_code),
        error_detail = coalesce(f.error_detail, x.error_detail),
        price_category = coalesce(f.price_category, x.price_category), price_type = coalesce(f.price_type, x.price_type)
    from found f
    where f.changes and case when f.thread_id in (select id from moved) then true end
        and x.account_id = f.account_id and x.thread_id = f.thread_id and x.seq = f.seq and x.status > 2
),
outbox as (
    insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq) select account_id, id, revision, 0, 0 from moved
)
select ord, case when for_thread then 2 else 1 end as outcome, account_id, thread_id, seq, null::bigint as revision from found
union all
select 0, 3, account_id, id, null, revision from moved
