using System.Text.Json;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Notices;
using Threadkeep.People;

namespace Threadkeep.Approvals;

/// <summary>Telling of messages that wait for somebody's word, within a connection's running transaction. Words are read when they are shown.</summary>
internal static class ApprovalNotices
{
    // As those for whom it is want it; who has set nothing wants it in every way.
    private const string Ways = """
        coalesce((
            select (w.settings::jsonb -> 'ways' ->> @event)::smallint
            from threadkeep.notice_settings w where w.account_id = a.account_id and w.agent_id = a.id), 7)
        """;

    private const string Tail = $"""
        on conflict do nothing
        returning account_id, agent_id, id, at, ways, pushed_at
        )
        {NoticeWriting.PushJobs}
        """;

    /// <summary>
    /// To the supervisors who may see the thread, admins where there is none. The notice has the message's own id: it is told no more once
    /// it is decided (<see cref="NoticeStore"/>).
    /// </summary>
    public static Task WantedAsync(NpgsqlConnection connection, AccountId account, ApprovalRow row) =>
        connection.ExecuteAsync(
            $"""
            with seeing as materialized (
                select s.* from (
                    select a.account_id, a.id, a.role, {PeopleStore.ChannelsOfAgent} as channels
                    from threadkeep.agents a
                    where a.account_id = @account and a.disabled_at is null and a.role in ('supervisor', 'admin') and a.id <> @author
                ) s
                where s.channels is null or @channel = any(s.channels)
            ),
            told as (
            insert into threadkeep.notices (account_id, agent_id, id, at, pushed_at, kind, data, ways, thread_id, by_id)
            select a.account_id, a.id, @approval, @now, @now, @kind, @data, {Ways}, @thread, @author
            from seeing a
            where a.role = case when exists (select from seeing where role = 'supervisor') then 'supervisor' else 'admin' end
                and {Ways} <> 0
            {Tail}
            """,
            new
            {
                account = account.Value,
                author = row.AgentId,
                channel = row.ChannelId,
                approval = row.Id,
                now = row.CreatedAt,
                kind = NoticeKinds.ApprovalWanted,
                @event = NoticeEvents.Approvals,
                data = Data(row.Id, null, null),
                thread = row.ThreadId,
            }
        );

    /// <summary>To its author.</summary>
    /// <param name="outcome">changed, returned or failed.</param>
    /// <param name="reason">failed: why, as a code.</param>
    public static Task AnsweredAsync(
        NpgsqlConnection connection,
        ApprovalRow row,
        string outcome,
        string? reason,
        Guid? by,
        DateTimeOffset now
    ) =>
        connection.ExecuteAsync(
            $"""
            with told as (
            insert into threadkeep.notices (account_id, agent_id, id, at, pushed_at, kind, data, ways, thread_id, by_id)
            select a.account_id, a.id, @notice, @now, @now, @kind, @data, {Ways}, @thread, @by
            from threadkeep.agents a
            where a.account_id = @account and a.id = @author and a.disabled_at is null and {Ways} <> 0
            {Tail}
            """,
            new
            {
                account = row.AccountId,
                author = row.AgentId,
                notice = NewNotice.IdOf($"{NoticeKinds.ApprovalAnswered} {row.Id:N} {outcome}"),
                now,
                kind = NoticeKinds.ApprovalAnswered,
                @event = NoticeEvents.Approvals,
                data = Data(row.Id, outcome, reason),
                thread = row.ThreadId,
                by,
            }
        );

    private static string Data(Guid approval, string? outcome, string? reason) =>
        JsonSerializer.Serialize(
            new
            {
                approval,
                outcome,
                reason,
            },
            JsonSerializerOptions.Web
        );
}
