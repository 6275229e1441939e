-- One autocommit statement that commits many threads' intents at once, each of them wholly or not at all.
--
-- i_*  one row an intent, sorted by thread id (every writer locks threads in that order); i_ord counts 1, 2, 3...
-- The other prefixes are the rows that intents bring; their ord is that of their intent, whose account, thread and channel they share.
-- What stands in an intent's way is looked up first (v). Then the threads move where their versions are the expected ones: one visit
-- locks, checks and writes. Whatever else an intent brings is written if its thread was (stored).
-- Keys that another statement may claim at this moment are inserted plainly: a unique violation undoes the whole
-- statement and the writer sends the intents again apart; then they are seen here.
--
-- Lines between `--@ kind` and `--@` belong to the statement only where the batch brings rows of that kind (CommitShape): most
-- batches bring messages to threads that exist, and a part for which no row comes costs as much as a row.
-- `case when x in (select ...)` is a look-up by hash; as a plain condition it would be planned as a join.
with connected as materialized (
    select ch.account_id, ch.id
    from (select distinct i.account_id, i.channel_id from unnest(@i_account::uuid[], @i_channel::uuid[]) as i (account_id, channel_id)) i
    join threadkeep.channels ch on ch.account_id = i.account_id and ch.id = i.channel_id
    where ch.state = 'connected'
),
--@ messages
dup as materialized (
    select m.ord, m.wamid
    from unnest(@m_ord::int[], @m_wamid::text[]) as m (ord, wamid)
    join threadkeep.messages x
        on x.account_id = (@i_account::uuid[])[m.ord] and x.channel_id = (@i_channel::uuid[])[m.ord] and x.wamid = m.wamid
    where m.wamid is not null
),
--@
--@ claims
owned as materialized (
    select c.ord, x.thread_id
    from unnest(@c_ord::int[], @c_identity::text[]) as c (ord, identity)
    join threadkeep.thread_identities x
        on x.account_id = (@i_account::uuid[])[c.ord] and x.channel_id = (@i_channel::uuid[])[c.ord] and x.identity = c.identity
),
--@
--@ keys
used_key as materialized (
    select k.ord
    from unnest(@k_ord::int[], @k_key::text[]) as k (ord, key)
    join threadkeep.idempotency_keys x on x.account_id = (@i_account::uuid[])[k.ord] and x.key = k.key
),
--@
--@ ledger
drawn as materialized (
    select l.*, (@i_account::uuid[])[l.ord] as account_id, (@i_thread::uuid[])[l.ord] as thread_id
    from unnest(@l_ord::int[], @l_seq::int[], @l_period::timestamptz[], @l_slot::int[], @l_kind::text[], @l_state::text[], @l_session::int[],
                @l_released_for::text[])
        as l (ord, seq, period_start, slot, kind, state, session_seq, released_for)
),
used_slot as materialized (
    select l.ord
    from drawn l
    join threadkeep.quota_ledger x
        on x.account_id = l.account_id and x.period_start = l.period_start and x.slot = l.slot and x.state <> 'released'
    where not (x.thread_id = l.thread_id and x.seq = l.seq)
),
over_limit as materialized (
    select l.ord
    from drawn l
    join threadkeep.business_accounts a on a.id = l.account_id
    where l.kind = 'business_initiated' and l.state = 'reserved' and l.slot > a.conversation_limit
),
--@
v as materialized (
    select i.*,
        case
            --@ threads
            when i.expected = 0 and exists (
                select from threadkeep.threads th where th.account_id = i.account_id and th.id = i.thread_id) then 1
            --@
            when i.needs_channel and (i.account_id, i.channel_id) not in (select account_id, id from connected) then 2
            --@ messages
            when exists (select from dup where dup.ord = i.ord) then 3
            --@
            --@ claims
            when exists (select from owned where owned.ord = i.ord) then 4
            --@
            --@ keys
            when exists (select from used_key where used_key.ord = i.ord) then 5
            --@
            --@ ledger
            when exists (select from over_limit where over_limit.ord = i.ord) then 7
            when exists (select from used_slot where used_slot.ord = i.ord) then 6
            --@
            else 0
        end as outcome
    from unnest(
            @i_ord::int[], @i_account::uuid[], @i_thread::uuid[], @i_channel::uuid[], @i_expected::int[], @i_needs_channel::bool[],
            @i_visible::bool[], @t_contact::uuid[], @t_generation::int[], @t_wa_id::text[], @t_user_id::text[], @t_identity_at::timestamptz[],
            @t_profile_name::text[], @t_last_seq::int[], @t_read_seq::int[], @t_unread::int[], @t_answer_owed::bool[],
            @t_last_inbound_at::timestamptz[], @t_session_seq::int[], @t_session_opened_at::timestamptz[], @t_session_warned::bool[],
            @t_session_closed::bool[], @t_session_counted::bool[], @t_alarm_at::timestamptz[], @t_ticket::uuid[], @t_ticket_number::int[],
            @t_ticket_status::text[], @t_preview_seq::int[], @t_preview_at::timestamptz[], @t_activity_at::timestamptz[], @t_now::timestamptz[],
            @x_first::int[], @x_last::int[])
        as i (ord, account_id, thread_id, channel_id, expected, needs_channel,
              visible, contact_id, generation, wa_id, user_id, identity_at,
              profile_name, last_seq, read_seq, unread, answer_owed,
              last_inbound_at, session_seq, session_opened_at, session_warned,
              session_closed, session_counted, alarm_at, ticket_id, ticket_number,
              ticket_status, preview_seq, preview_at, activity_at, now,
              told_first, told_last)
),
-- The rows of `v` come sorted, so the threads are locked in their order.
updated as (
    update threadkeep.threads th
    set version = th.version + 1,
        revision = th.revision + v.visible::int,
        wa_id = v.wa_id, user_id = v.user_id, identity_at = v.identity_at, profile_name = v.profile_name,
        last_seq = v.last_seq, read_seq = v.read_seq, unread = v.unread, answer_owed = v.answer_owed,
        last_inbound_at = v.last_inbound_at, session_seq = v.session_seq, session_opened_at = v.session_opened_at,
        session_warned = v.session_warned, session_closed = v.session_closed, session_counted = v.session_counted,
        alarm_at = v.alarm_at, ticket_id = v.ticket_id, ticket_number = v.ticket_number, ticket_status = v.ticket_status,
        preview_seq = v.preview_seq, preview_at = v.preview_at
    from v
    where v.outcome = 0 and v.expected > 0 and th.account_id = v.account_id and th.id = v.thread_id and th.version = v.expected
    returning v.ord, th.account_id, th.id, th.revision, v.visible, v.activity_at, v.told_first, v.told_last
),
--@ threads
inserted as (
    insert into threadkeep.threads (
        account_id, id, channel_id, contact_id, generation, wa_id, user_id, identity_at, profile_name, version, revision,
        last_seq, read_seq, unread, answer_owed, last_inbound_at, session_seq, session_opened_at, session_warned,
        session_closed, session_counted, alarm_at, ticket_id, ticket_number, ticket_status, preview_seq, preview_at, created_at)
    select account_id, thread_id, channel_id, contact_id, generation, wa_id, user_id, identity_at, profile_name, 1, 1,
        last_seq, read_seq, unread, answer_owed, last_inbound_at, session_seq, session_opened_at, session_warned,
        session_closed, session_counted, alarm_at, ticket_id, ticket_number, ticket_status, preview_seq, preview_at, now
    from v
    where v.outcome = 0 and v.expected = 0
),
activity_began as (
    insert into threadkeep.thread_activity (account_id, thread_id, channel_id, at)
    select account_id, thread_id, channel_id, coalesce(activity_at, now) from v where v.outcome = 0 and v.expected = 0
),
new_contacts as (
    insert into threadkeep.contacts (account_id, id, phone, created_at)
    select account_id, contact_id, case when wa_id is null then null else '+' || wa_id end, now
    -- A ticket's desk has no customer: its contact is there already, or it has none.
    from v where v.outcome = 0 and v.expected = 0 and v.thread_id <> v.channel_id
    on conflict do nothing
),
--@
stored as materialized (
    select ord from updated
    --@ threads
    union all
    select ord from v where outcome = 0 and expected = 0
    --@
),
outbox as (
    insert into threadkeep.outbox (account_id, thread_id, revision, first_seq, last_seq)
    select account_id, id, revision, told_first, told_last from updated where visible
    --@ threads
    union all
    select account_id, thread_id, 1, told_first, told_last from v where outcome = 0 and expected = 0
    --@
),
activity_moved as (
    update threadkeep.thread_activity a
    set at = u.activity_at
    from updated u
    where u.activity_at is not null and a.account_id = u.account_id and a.thread_id = u.id and a.at < u.activity_at
),
--@ messages
new_messages as (
    insert into threadkeep.messages (
        account_id, thread_id, seq, channel_id, direction, type, text, wamid, context_wamid, at, received_at, late, time_doubtful
        --@ sends
        , status, error_code, agent_id, body, template_name, template_language
        --@
        --@ files
        , media_state, media_sha256, media_mime, media_size, media_name
        --@
        , data, raw)
    select (@i_account::uuid[])[m.ord], (@i_thread::uuid[])[m.ord], m.seq, (@i_channel::uuid[])[m.ord], m.direction, m.type,
        m.text, m.wamid, m.context_wamid, m.at, m.received_at, m.late, m.time_doubtful
        --@ sends
        , m.status, m.error_code, m.agent_id, m.body, m.template_name, m.template_language
        --@
        --@ files
        , m.media_state, m.media_sha256, m.media_mime, m.media_size, m.media_name
        --@
        , m.data, m.raw
    from unnest(
            @m_ord::int[], @m_seq::int[], @m_direction::int2[], @m_type::text[], @m_text::text[], @m_wamid::text[], @m_context::text[],
            @m_at::timestamptz[], @m_received_at::timestamptz[], @m_late::bool[], @m_doubtful::bool[], @m_data::text[], @m_raw::bytea[]
            --@ sends
            , @m_status::int2[], @m_error::text[], @m_agent::uuid[], @m_body::text[], @m_template::text[], @m_template_language::text[]
            --@
            --@ files
            , @m_media_state::int2[], @m_media_sha::text[], @m_media_mime::text[], @m_media_size::int8[], @m_media_name::text[]
            --@
            )
        as m (ord, seq, direction, type, text, wamid, context_wamid,
              at, received_at, late, time_doubtful, data, raw
              --@ sends
              , status, error_code, agent_id, body, template_name, template_language
              --@
              --@ files
              , media_state, media_sha256, media_mime, media_size, media_name
              --@
              )
    where case when m.ord in (select ord from stored) then true end
),
--@
--@ changes
changed_messages as (
    update threadkeep.messages x
    set status = case when u.status is null then x.status
                      when u.backwards then u.status
                      else threadkeep.forward_status(x.status, u.status) end,
        wamid = coalesce(x.wamid, u.wamid),
        sent_at = least(x.sent_at, u.sent_at), delivered_at = least(x.delivered_at, u.delivered_at),
        read_at = least(x.read_at, u.read_at), played_at = least(x.played_at, u.played_at), failed_at = least(x.failed_at, u.failed_at),
        unconfirmed_at = coalesce(x.unconfirmed_at, u.unconfirmed_at), repeated_by = coalesce(x.repeated_by, u.repeated_by),
        error_code = coalesce(u.error_code, x.error_code), meta_error_code = coalesce(u.meta_error_code, x.meta_error_code),
        error_detail = coalesce(u.error_detail, x.error_detail),
        media_state = coalesce(u.media_state, x.media_state), media_sha256 = coalesce(u.media_sha256, x.media_sha256),
        media_mime = coalesce(u.media_mime, x.media_mime), media_size = coalesce(u.media_size, x.media_size),
        price_category = coalesce(u.price_category, x.price_category), price_type = coalesce(u.price_type, x.price_type)
    from unnest(
            @u_ord::int[], @u_seq::int[], @u_status::int2[], @u_backwards::bool[], @u_wamid::text[],
            @u_sent::timestamptz[], @u_delivered::timestamptz[], @u_read::timestamptz[], @u_played::timestamptz[], @u_failed::timestamptz[],
            @u_unconfirmed::timestamptz[], @u_repeated_by::int[], @u_error::text[], @u_meta_error::int[], @u_error_detail::text[], @u_media_state::int2[],
            @u_media_sha::text[], @u_media_mime::text[], @u_media_size::int8[], @u_price_category::text[], @u_price_type::text[])
        as u (ord, seq, status, backwards, wamid,
              sent_at, delivered_at, read_at, played_at, failed_at,
              unconfirmed_at, repeated_by, error_code, meta_error_code, error_detail, media_state,
              media_sha256, media_mime, media_size, price_category, price_type)
    where case when u.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[u.ord] and x.thread_id = (@i_thread::uuid[])[u.ord] and x.seq = u.seq
),
--@
--@ replacements
-- A leftover stored again takes the place of its placeholder: same number, same wamid, its true content.
replaced_messages as (
    update threadkeep.messages x
    set type = r.type, text = r.text, context_wamid = r.context_wamid, at = r.at, late = r.late, time_doubtful = r.time_doubtful,
        media_state = r.media_state, media_mime = r.media_mime, media_name = r.media_name, data = r.data, raw = r.raw
    from unnest(
            @r_ord::int[], @r_seq::int[], @r_type::text[], @r_text::text[], @r_context::text[],
            @r_at::timestamptz[], @r_late::bool[], @r_doubtful::bool[], @r_media_state::int2[], @r_media_mime::text[], @r_media_name::text[],
            @r_data::text[], @r_raw::bytea[])
        as r (ord, seq, type, text, context_wamid,
              at, late, time_doubtful, media_state, media_mime, media_name,
              data, raw)
    where case when r.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[r.ord] and x.thread_id = (@i_thread::uuid[])[r.ord] and x.seq = r.seq
),
replayed as (
    update threadkeep.webhook_leftovers x
    set replayed_at = (@t_now::timestamptz[])[r.ord]
    from unnest(@r_ord::int[], @r_leftover::uuid[]) as r (ord, leftover_id)
    where case when r.ord in (select ord from stored) then true end and x.id = r.leftover_id
),
--@
--@ claims
claimed as (
    insert into threadkeep.thread_identities (account_id, channel_id, identity, thread_id)
    select (@i_account::uuid[])[c.ord], (@i_channel::uuid[])[c.ord], c.identity, (@i_thread::uuid[])[c.ord]
    from unnest(@c_ord::int[], @c_identity::text[]) as c (ord, identity)
    where case when c.ord in (select ord from stored) then true end
),
--@
--@ releases
released as (
    delete from threadkeep.thread_identities x
    using unnest(@f_ord::int[], @f_identity::text[]) as f (ord, identity)
    where case when f.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[f.ord] and x.channel_id = (@i_channel::uuid[])[f.ord] and x.identity = f.identity
        and x.thread_id = (@i_thread::uuid[])[f.ord]
),
-- Also for one that was claimed in the same decision and so is not there to be deleted: its next owner must begin another thread.
-- Who had it, and until when, the latest first: a message from before is theirs (ADR 014).
generations as (
    insert into threadkeep.identity_generations as g (account_id, channel_id, identity, generation, released_at, released_by)
    select (@i_account::uuid[])[f.ord], (@i_channel::uuid[])[f.ord], f.identity, 1,
        array_agg(f.at order by f.at desc, f.ord), array_agg((@i_thread::uuid[])[f.ord] order by f.at desc, f.ord)
    from unnest(@f_ord::int[], @f_identity::text[], @f_at::timestamptz[]) as f (ord, identity, at)
    where case when f.ord in (select ord from stored) then true end
    group by 1, 2, 3
    on conflict (account_id, channel_id, identity) do update
        set generation = g.generation + 1,
            released_at = (excluded.released_at || g.released_at)[1:8], released_by = (excluded.released_by || g.released_by)[1:8]
),
--@
--@ conflicts
noted_conflicts as (
    insert into threadkeep.identity_conflicts (account_id, channel_id, thread_id, other_id, wamid, noticed_at)
    select (@i_account::uuid[])[n.ord], (@i_channel::uuid[])[n.ord], (@i_thread::uuid[])[n.ord], n.other_id, n.wamid, (@t_now::timestamptz[])[n.ord]
    from unnest(@n_ord::int[], @n_other::uuid[], @n_wamid::text[]) as n (ord, other_id, wamid)
    where case when n.ord in (select ord from stored) then true end
    on conflict do nothing
),
--@
--@ tickets
new_tickets as (
    insert into threadkeep.tickets (account_id, id, number, thread_id, contact_id, source, status, opened_at)
    select (@i_account::uuid[])[k.ord], k.id, k.number, (@i_thread::uuid[])[k.ord], (@t_contact::uuid[])[k.ord], 'whatsapp', 'new', k.opened_at
    from unnest(@k2_ord::int[], @k2_id::uuid[], @k2_number::int[], @k2_opened::timestamptz[]) as k (ord, id, number, opened_at)
    where case when k.ord in (select ord from stored) then true end
),
--@
--@ opened
opened_tickets as (
    insert into threadkeep.tickets (
        account_id, id, number, thread_id, contact_id, source, status, opened_at, is_open, version, subject, priority, category,
        owner_id, team_id, skills, routed, queued_at, tags, snoozed_until, first_response_at, closed_at, properties, moving_to)
    select (@i_account::uuid[])[p.ord], p.id, p.number, (@i_thread::uuid[])[p.ord], (@t_contact::uuid[])[p.ord], p.source, p.status, p.opened_at,
        p.is_open, p.version, p.subject, p.priority, p.category, p.owner_id, p.team_id, string_to_array(p.skills, ','), p.routed, p.queued_at,
        string_to_array(p.tags, E'\n'), p.snoozed_until, p.first_response_at, p.closed_at, p.properties::jsonb, p.moving_to
    from unnest(
            @p_ord::int[], @p_id::uuid[], @p_number::int[], @p_source::text[], @p_status::text[], @p_opened::timestamptz[], @p_open::bool[],
            @p_version::int[], @p_subject::text[], @p_priority::text[], @p_category::text[], @p_owner::uuid[], @p_team::uuid[],
            @p_skills::text[], @p_routed::bool[], @p_queued::timestamptz[], @p_tags::text[], @p_snoozed::timestamptz[],
            @p_responded::timestamptz[], @p_closed::timestamptz[], @p_properties::text[], @p_moving::uuid[])
        as p (ord, id, number, source, status, opened_at, is_open,
              version, subject, priority, category, owner_id, team_id,
              skills, routed, queued_at, tags, snoozed_until,
              first_response_at, closed_at, properties, moving_to)
    where case when p.ord in (select ord from stored) then true end
),
--@
--@ ticket_changes
-- Only its owner writes a ticket: the thread that it stands in, or the one that it is promised to, whose it becomes (ADR 066).
changed_tickets as (
    update threadkeep.tickets x
    set is_open = g.is_open, version = g.version, subject = g.subject, priority = g.priority, category = g.category, owner_id = g.owner_id,
        team_id = g.team_id, skills = string_to_array(g.skills, ','), routed = g.routed, queued_at = g.queued_at,
        tags = string_to_array(g.tags, E'\n'), snoozed_until = g.snoozed_until, first_response_at = g.first_response_at,
        closed_at = g.closed_at, properties = g.properties::jsonb, moving_to = g.moving_to, thread_id = (@i_thread::uuid[])[g.ord]
    from unnest(
            @g_ord::int[], @g_id::uuid[], @g_open::bool[], @g_version::int[], @g_subject::text[], @g_priority::text[], @g_category::text[],
            @g_owner::uuid[], @g_team::uuid[], @g_skills::text[], @g_routed::bool[], @g_queued::timestamptz[],
            @g_tags::text[], @g_snoozed::timestamptz[], @g_responded::timestamptz[], @g_closed::timestamptz[],
            @g_properties::text[], @g_moving::uuid[])
        as g (ord, id, is_open, version, subject, priority, category,
              owner_id, team_id, skills, routed, queued_at, tags, snoozed_until, first_response_at, closed_at, properties, moving_to)
    where case when g.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[g.ord] and x.id = g.id
        and (@i_thread::uuid[])[g.ord] in (x.thread_id, x.moving_to)
),
--@
--@ ticket_terms
terms as (
    insert into threadkeep.ticket_terms as x (
        account_id, ticket_id, thread_id, policy_id, response_minutes, response_due_at, response_left, response_breached_at,
        resolution_minutes, resolution_due_at, resolution_left, resolution_breached_at, alarm_at)
    select (@i_account::uuid[])[e.ord], e.ticket_id, (@i_thread::uuid[])[e.ord], e.policy_id, e.response_minutes, e.response_due_at,
        e.response_left, e.response_breached_at, e.resolution_minutes, e.resolution_due_at, e.resolution_left, e.resolution_breached_at,
        e.alarm_at
    from unnest(
            @e_ord::int[], @e_ticket::uuid[], @e_policy::uuid[], @e_response::int[], @e_response_due::timestamptz[], @e_response_left::int[],
            @e_response_breached::timestamptz[], @e_resolution::int[], @e_resolution_due::timestamptz[], @e_resolution_left::int[],
            @e_resolution_breached::timestamptz[], @e_alarm::timestamptz[])
        as e (ord, ticket_id, policy_id, response_minutes, response_due_at, response_left,
              response_breached_at, resolution_minutes, resolution_due_at, resolution_left,
              resolution_breached_at, alarm_at)
    where case when e.ord in (select ord from stored) then true end
    on conflict (account_id, ticket_id) do update
        set thread_id = excluded.thread_id, policy_id = excluded.policy_id,
            response_minutes = excluded.response_minutes, response_due_at = excluded.response_due_at,
            response_left = excluded.response_left, response_breached_at = excluded.response_breached_at,
            resolution_minutes = excluded.resolution_minutes, resolution_due_at = excluded.resolution_due_at,
            resolution_left = excluded.resolution_left, resolution_breached_at = excluded.resolution_breached_at,
            alarm_at = excluded.alarm_at
),
--@
--@ merges
merged as (
    insert into threadkeep.ticket_merges as x (account_id, ticket_id, into_id)
    select (@i_account::uuid[])[s.ord], s.ticket_id, s.into_id
    from unnest(@s_ord::int[], @s_ticket::uuid[], @s_into::uuid[]) as s (ord, ticket_id, into_id)
    where case when s.ord in (select ord from stored) then true end
    on conflict (account_id, ticket_id) do update set into_id = excluded.into_id
),
--@
--@ persons
persons as (
    insert into threadkeep.thread_persons as x
        (account_id, thread_id, channel_id, username, blocked_at, blocked_by, block_reason, block_at_meta, block_meta_code,
         merged_into, merge_id, merged_at, merged_by, merge_pending, takes_in, reply_thread, reply_wa_id, reply_user_id,
         marketing_stopped, marketing_at, marketing_source)
    select (@i_account::uuid[])[z.ord], (@i_thread::uuid[])[z.ord], (@i_channel::uuid[])[z.ord],
        z.username, z.blocked_at, z.blocked_by, z.reason, z.at_meta, z.meta_code,
        z.merged_into, z.merge_id, z.merged_at, z.merged_by, z.pending, string_to_array(z.takes_in, ',')::uuid[],
        z.reply_thread, z.reply_wa_id, z.reply_user_id, z.marketing_stopped, z.marketing_at, z.marketing_source
    from unnest(
            @z_ord::int[], @z_username::text[], @z_blocked::timestamptz[], @z_by::uuid[], @z_reason::text[], @z_at_meta::text[],
            @z_meta_code::int[], @z_into::uuid[], @z_merge::uuid[], @z_merged::timestamptz[], @z_merged_by::uuid[], @z_pending::bool[],
            @z_takes_in::text[], @z_reply::uuid[], @z_reply_wa_id::text[], @z_reply_user_id::text[],
            @z_stopped::bool[], @z_marketing::timestamptz[], @z_source::text[])
        as z (ord, username, blocked_at, blocked_by, reason, at_meta,
              meta_code, merged_into, merge_id, merged_at, merged_by, pending,
              takes_in, reply_thread, reply_wa_id, reply_user_id,
              marketing_stopped, marketing_at, marketing_source)
    where case when z.ord in (select ord from stored) then true end
    on conflict (account_id, thread_id) do update
        set username = excluded.username, blocked_at = excluded.blocked_at, blocked_by = excluded.blocked_by,
            block_reason = excluded.block_reason, block_at_meta = excluded.block_at_meta, block_meta_code = excluded.block_meta_code,
            merged_into = excluded.merged_into, merge_id = excluded.merge_id, merged_at = excluded.merged_at, merged_by = excluded.merged_by,
            merge_pending = excluded.merge_pending, takes_in = excluded.takes_in,
            reply_thread = excluded.reply_thread, reply_wa_id = excluded.reply_wa_id, reply_user_id = excluded.reply_user_id,
            marketing_stopped = excluded.marketing_stopped, marketing_at = excluded.marketing_at,
            marketing_source = excluded.marketing_source
),
--@
--@ hidden
hidden as (
    insert into threadkeep.hidden_messages
        (account_id, thread_id, seq, channel_id, effect, rules, hidden_at, type, text, media_name, raw)
    select (@i_account::uuid[])[h.ord], (@i_thread::uuid[])[h.ord], h.seq, (@i_channel::uuid[])[h.ord], h.effect, string_to_array(h.rules, ','),
        (@t_now::timestamptz[])[h.ord], h.type, h.text, h.media_name, h.raw
    from unnest(
            @h_ord::int[], @h_seq::int[], @h_effect::text[], @h_rules::text[], @h_type::text[], @h_text::text[], @h_name::text[], @h_raw::bytea[])
        as h (ord, seq, effect, rules, type, text, media_name, raw)
    where case when h.ord in (select ord from stored) then true end
    on conflict (account_id, thread_id, seq) do nothing
),
--@
--@ hides
-- A message that was masked has its whole content there already.
put_away as (
    insert into threadkeep.hidden_messages as x
        (account_id, thread_id, seq, channel_id, effect, rules, reason, hidden_by, hidden_at, type, text, media_name, raw)
    select m.account_id, m.thread_id, m.seq, m.channel_id, 'quarantine', string_to_array(b.rules, ','), b.reason, b.by, (@t_now::timestamptz[])[b.ord],
        m.type, m.text, m.media_name, m.raw
    from unnest(@b_ord::int[], @b_seq::int[], @b_rules::text[], @b_reason::text[], @b_by::uuid[]) as b (ord, seq, rules, reason, by)
    join threadkeep.messages m
        on m.account_id = (@i_account::uuid[])[b.ord] and m.thread_id = (@i_thread::uuid[])[b.ord] and m.seq = b.seq
    where case when b.ord in (select ord from stored) then true end and m.direction = 0 and m.type <> 'quarantined'
    on conflict (account_id, thread_id, seq) do update
        set effect = excluded.effect, rules = excluded.rules, reason = excluded.reason, hidden_by = excluded.hidden_by,
            hidden_at = excluded.hidden_at, released_at = null, released_by = null,
            type = case when x.released_at is null then x.type else excluded.type end,
            text = case when x.released_at is null then x.text else excluded.text end,
            media_name = case when x.released_at is null then x.media_name else excluded.media_name end,
            raw = case when x.released_at is null then x.raw else excluded.raw end
),
emptied as (
    update threadkeep.messages m
    set type = 'quarantined', text = null, media_name = null, raw = null, data = b.data
    from unnest(@b_ord::int[], @b_seq::int[], @b_data::text[]) as b (ord, seq, data)
    where case when b.ord in (select ord from stored) then true end
        and m.account_id = (@i_account::uuid[])[b.ord] and m.thread_id = (@i_thread::uuid[])[b.ord] and m.seq = b.seq
        and m.direction = 0 and m.type <> 'quarantined'
),
--@
--@ shows
shown as (
    update threadkeep.messages m
    set type = x.type, text = x.text, media_name = x.media_name, raw = x.raw, data = null
    from unnest(@w_ord::int[], @w_seq::int[]) as w (ord, seq)
    join threadkeep.hidden_messages x
        on x.account_id = (@i_account::uuid[])[w.ord] and x.thread_id = (@i_thread::uuid[])[w.ord] and x.seq = w.seq and x.released_at is null
    where case when w.ord in (select ord from stored) then true end
        and m.account_id = x.account_id and m.thread_id = x.thread_id and m.seq = x.seq
),
released_messages as (
    update threadkeep.hidden_messages x
    set released_at = (@t_now::timestamptz[])[w.ord], released_by = w.by
    from unnest(@w_ord::int[], @w_seq::int[], @w_by::uuid[]) as w (ord, seq, by)
    where case when w.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[w.ord] and x.thread_id = (@i_thread::uuid[])[w.ord] and x.seq = w.seq and x.released_at is null
),
--@
--@ purges
-- Where it came from, and that it is history, is still known.
purged as (
    update threadkeep.messages m
    set type = case m.type when 'quarantined' then coalesce((
            select h.type from threadkeep.hidden_messages h
            where h.account_id = m.account_id and h.thread_id = m.thread_id and h.seq = m.seq), m.type) else m.type end,
        text = null, raw = null, media_state = null, media_sha256 = null, media_mime = null, media_size = null, media_name = null,
        data = case
            when m.data like '{"source":%' or m.data like '{"via":%' then
                substring(m.data from '^\{"[a-z]+":"[a-z0-9]+"') || ',"purged":true}'
            else '{"purged":true}' end
    from unnest(@y_ord::int[], @y_seq::int[]) as y (ord, seq)
    where case when y.ord in (select ord from stored) then true end
        and m.account_id = (@i_account::uuid[])[y.ord] and m.thread_id = (@i_thread::uuid[])[y.ord] and m.seq = y.seq
),
purged_content as (
    delete from threadkeep.hidden_messages x
    using unnest(@y_ord::int[], @y_seq::int[]) as y (ord, seq)
    where case when y.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[y.ord] and x.thread_id = (@i_thread::uuid[])[y.ord] and x.seq = y.seq
),
-- What could not be stored as it was is kept as it came, beside its placeholder.
purged_leftovers as (
    delete from threadkeep.webhook_leftovers x
    using unnest(@y_ord::int[], @y_seq::int[]) as y (ord, seq)
    where case when y.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[y.ord] and x.thread_id = (@i_thread::uuid[])[y.ord] and x.seq = y.seq
),
purged_files as (
    delete from threadkeep.media_jobs x
    using unnest(@y_ord::int[], @y_seq::int[]) as y (ord, seq)
    where case when y.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[y.ord] and x.thread_id = (@i_thread::uuid[])[y.ord] and x.seq = y.seq
),
--@
--@ mentions
new_mentions as (
    insert into threadkeep.mentions (account_id, agent_id, thread_id, seq, at)
    select (@i_account::uuid[])[a.ord], a.agent_id, (@i_thread::uuid[])[a.ord], a.seq, (@t_now::timestamptz[])[a.ord]
    from unnest(@a_ord::int[], @a_agent::uuid[], @a_seq::int[]) as a (ord, agent_id, seq)
    where case when a.ord in (select ord from stored) then true end
),
--@
--@ keys
new_keys as (
    insert into threadkeep.idempotency_keys (account_id, key, thread_id, seq, request_hash, created_at)
    select (@i_account::uuid[])[k.ord], k.key, (@i_thread::uuid[])[k.ord], k.seq, k.request_hash, (@t_now::timestamptz[])[k.ord]
    from unnest(@k_ord::int[], @k_key::text[], @k_seq::int[], @k_hash::bytea[]) as k (ord, key, seq, request_hash)
    where case when k.ord in (select ord from stored) then true end
),
--@
--@ queued
queued as (
    insert into threadkeep.outbound_queue as q
        (account_id, channel_id, thread_id, seq, lane, due_at, attempt, expires_at, tries, accepted_at)
    select (@i_account::uuid[])[q.ord], (@i_channel::uuid[])[q.ord], (@i_thread::uuid[])[q.ord],
        q.seq, q.lane, q.due_at, q.attempt, q.expires_at, q.tries, q.accepted_at
    from unnest(
            @q_ord::int[], @q_seq::int[], @q_lane::int2[], @q_due::timestamptz[],
            @q_attempt::uuid[], @q_expires::timestamptz[], @q_tries::int[], @q_accepted::timestamptz[])
        as q (ord, seq, lane, due_at, attempt, expires_at, tries, accepted_at)
    where case when q.ord in (select ord from stored) then true end
    on conflict (account_id, thread_id, seq) do update
        set due_at = excluded.due_at, attempt = excluded.attempt, expires_at = excluded.expires_at, tries = excluded.tries
),
--@
--@ dequeued
dequeued as (
    delete from threadkeep.outbound_queue x
    using unnest(@d_ord::int[], @d_seq::int[]) as d (ord, seq)
    where case when d.ord in (select ord from stored) then true end
        and x.account_id = (@i_account::uuid[])[d.ord] and x.thread_id = (@i_thread::uuid[])[d.ord] and x.seq = d.seq
),
--@
--@ ledger
written as (
    insert into threadkeep.quota_ledger as x
        (account_id, thread_id, seq, period_start, slot, kind, state, session_seq, released_for, created_at, left_at)
    select l.account_id, l.thread_id, l.seq, l.period_start, l.slot, l.kind, l.state, l.session_seq, l.released_for, clock_timestamp(),
        case when l.state = 'counted' then (@t_now::timestamptz[])[l.ord] end
    from drawn l
    where case when l.ord in (select ord from stored) then true end
    on conflict (account_id, thread_id, seq) do update
        set state = excluded.state, slot = excluded.slot, period_start = excluded.period_start, kind = excluded.kind,
            session_seq = excluded.session_seq, released_for = excluded.released_for,
            left_at = case when excluded.state = 'counted' then coalesce(x.left_at, excluded.left_at) end
    returning x.account_id, x.period_start, x.slot
),
alerts as (
    insert into threadkeep.quota_alerts (account_id, period_start, threshold, raised_at)
    select distinct l.account_id, l.period_start, p.threshold, clock_timestamp()
    from written l
    join threadkeep.business_accounts a on a.id = l.account_id
    cross join (values (80), (95), (100)) as p (threshold)
    where a.conversation_limit > 0 and l.slot * 100 >= a.conversation_limit * p.threshold
    on conflict do nothing
),
--@
--@ media_jobs
media_jobs as (
    insert into threadkeep.media_jobs (account_id, channel_id, thread_id, seq, graph_id, mime, sha256, name, due_at, give_up_at)
    select (@i_account::uuid[])[j.ord], (@i_channel::uuid[])[j.ord], (@i_thread::uuid[])[j.ord],
        j.seq, j.graph_id, j.mime, j.sha256, j.name, j.due_at, j.give_up_at
    from unnest(
            @j_ord::int[], @j_seq::int[], @j_graph::text[], @j_mime::text[], @j_sha::text[], @j_name::text[],
            @j_due::timestamptz[], @j_give_up::timestamptz[])
        as j (ord, seq, graph_id, mime, sha256, name, due_at, give_up_at)
    where case when j.ord in (select ord from stored) then true end
    on conflict do nothing
),
--@
--@ leftovers
leftovers as (
    insert into threadkeep.webhook_leftovers
        (id, app_key, phone_number_id, account_id, channel_id, thread_id, seq, kind, item_hash, reason, detail, item, received_at)
    select o.id, ch.app_key, ch.phone_number_id, ch.account_id, ch.id, (@i_thread::uuid[])[o.ord], o.seq, 'message',
        o.item_hash, o.reason, o.detail, o.item, o.received_at
    from unnest(
            @o_ord::int[], @o_id::uuid[], @o_seq::int[], @o_hash::bytea[], @o_reason::text[], @o_detail::text[],
            @o_item::bytea[], @o_received::timestamptz[])
        as o (ord, id, seq, item_hash, reason, detail, item, received_at)
    join threadkeep.channels ch on ch.account_id = (@i_account::uuid[])[o.ord] and ch.id = (@i_channel::uuid[])[o.ord]
    where case when o.ord in (select ord from stored) then true end
    on conflict do nothing
),
--@
outcomes as (
    select v.ord, case when v.outcome = 0 and v.ord not in (select ord from stored) then 1 else v.outcome end as outcome from v
)
select o.ord,
    o.outcome,
    case o.outcome
        when 0 then null::text
        --@ messages
        when 3 then (select string_agg(dup.wamid, E'\n') from dup where dup.ord = o.ord)
        --@
        --@ claims
        when 4 then (select min(owned.thread_id::text) from owned where owned.ord = o.ord)
        --@
    end as detail,
    null::bigint as revision
from outcomes o
where o.outcome <> 0
union all
select ord, 0, null, revision from updated
--@ threads
union all
select ord, 0, null, 1 from v where outcome = 0 and expected = 0
--@
