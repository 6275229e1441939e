using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Tickets;

namespace Threadkeep.Threads;

/// <summary>Commit.sql on one connection, cut to what a batch brings, and how commits become its array parameters.</summary>
internal sealed class CommitCommand(NpgsqlConnection connection) : IDisposable
{
    // Each shape is a prepared statement with a plan of its own; few come often, the others share the whole statement.
    private const int MaxShapes = 24;

    private readonly Dictionary<CommitShape, ArrayCommand> prepared = [];

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
    }

    /// <summary>Sends the commits as one statement. Outcomes come in the order of <paramref name="commits"/>, which must be sorted by thread.</summary>
    public async Task<CommitOutcome[]> ExecuteAsync(IReadOnlyList<ThreadCommit> commits, CancellationToken cancellation)
    {
        var shape = CommitShapes.Of(commits);
        if (!prepared.TryGetValue(shape, out var command))
        {
            if (prepared.Count >= MaxShapes)
                shape = CommitShape.All;
            if (!prepared.TryGetValue(shape, out command))
                prepared[shape] = command = new ArrayCommand(connection, CommitShapes.Sql(shape));
        }
        Bind(command, shape, commits);
        var outcomes = new CommitOutcome[commits.Count];
        await using var reader = await command.ExecuteAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            outcomes[reader.GetInt32(0) - 1] = Read(reader);
        return outcomes;
    }

    private static CommitOutcome Read(NpgsqlDataReader reader)
    {
        var result = (CommitResult)reader.GetInt32(1);
        var detail = reader.IsDBNull(2) ? null : reader.GetString(2);
        return result switch
        {
            CommitResult.Stored => new CommitOutcome(result, reader.GetInt64(3)),
            CommitResult.DuplicateMessage => new CommitOutcome(result, Duplicates: detail!.Split('\n')),
            CommitResult.IdentityTaken => new CommitOutcome(result, Owner: new ThreadId(Guid.Parse(detail!))),
            _ => new CommitOutcome(result),
        };
    }

    private static void Bind(ArrayCommand command, CommitShape shape, IReadOnlyList<ThreadCommit> commits)
    {
        var i = new List<(int Ord, ThreadCommit C)>(commits.Count);
        for (var ord = 1; ord <= commits.Count; ord++)
            i.Add((ord, commits[ord - 1]));

        command.Set("i_ord", i, x => x.Ord);
        command.Set("i_account", i, x => x.C.Account.Value);
        command.Set("i_thread", i, x => x.C.Thread.Value);
        command.Set("i_channel", i, x => x.C.Channel.Value);
        command.Set("i_expected", i, x => x.C.ExpectedVersion);
        command.Set("i_needs_channel", i, x => x.C.NeedsConnectedChannel);
        command.Set("i_visible", i, x => x.C.Visible);
        command.Set("t_contact", i, x => x.C.Row.Contact.Value);
        command.Set("t_generation", i, x => x.C.Row.Generation);
        command.Set("t_wa_id", i, x => x.C.Row.WaId);
        command.Set("t_user_id", i, x => x.C.Row.UserId);
        command.Set("t_identity_at", i, x => Utc(x.C.Row.IdentityAt));
        command.Set("t_profile_name", i, x => x.C.Row.ProfileName);
        command.Set("t_last_seq", i, x => x.C.Row.LastSeq);
        command.Set("t_read_seq", i, x => x.C.Row.ReadSeq);
        command.Set("t_unread", i, x => x.C.Row.Unread);
        command.Set("t_answer_owed", i, x => x.C.Row.AnswerOwed);
        command.Set("t_last_inbound_at", i, x => Utc(x.C.Row.LastInboundAt));
        command.Set("t_session_seq", i, x => x.C.Row.SessionSeq);
        command.Set("t_session_opened_at", i, x => Utc(x.C.Row.SessionOpenedAt));
        command.Set("t_session_warned", i, x => x.C.Row.SessionWarned);
        command.Set("t_session_closed", i, x => x.C.Row.SessionClosed);
        command.Set("t_session_counted", i, x => x.C.Row.SessionCounted);
        command.Set("t_alarm_at", i, x => Utc(x.C.Row.AlarmAt));
        command.Set("t_ticket", i, x => x.C.Row.TicketId);
        command.Set("t_ticket_number", i, x => x.C.Row.TicketNumber);
        command.Set("t_ticket_status", i, x => x.C.Row.TicketStatus);
        command.Set("t_preview_seq", i, x => x.C.Row.PreviewSeq);
        command.Set("t_preview_at", i, x => Utc(x.C.Row.PreviewAt));
        command.Set("t_activity_at", i, x => Utc(x.C.ActivityAt));
        command.Set("t_now", i, x => Utc(x.C.Now));
        command.Set("x_first", i, x => x.C.Told.First);
        command.Set("x_last", i, x => x.C.Told.Last);

        if (shape.HasFlag(CommitShape.Messages))
        {
            var m = Rows(i, c => c.Messages);
            command.Set("m_ord", m, x => x.Ord);
            command.Set("m_seq", m, x => x.Row.Seq);
            command.Set("m_direction", m, x => (short)x.Row.Direction);
            command.Set("m_type", m, x => x.Row.Type);
            command.Set("m_text", m, x => x.Row.Text);
            command.Set("m_wamid", m, x => x.Row.Wamid);
            command.Set("m_context", m, x => x.Row.ContextWamid);
            command.Set("m_at", m, x => Utc(x.Row.At));
            command.Set("m_received_at", m, x => Utc(x.Row.ReceivedAt));
            command.Set("m_late", m, x => x.Row.Late);
            command.Set("m_doubtful", m, x => x.Row.TimeDoubtful);
            command.Set("m_data", m, x => x.Row.Data);
            command.Set("m_raw", m, x => x.Row.Raw);
            if (shape.HasFlag(CommitShape.Sends))
            {
                command.Set("m_status", m, x => (short?)x.Row.Status);
                command.Set("m_error", m, x => x.Row.ErrorCode);
                command.Set("m_agent", m, x => x.Row.Agent?.Value);
                command.Set("m_body", m, x => x.Row.Body);
                command.Set("m_template", m, x => x.Row.TemplateName);
                command.Set("m_template_language", m, x => x.Row.TemplateLanguage);
            }
            if (shape.HasFlag(CommitShape.Files))
            {
                command.Set("m_media_state", m, x => (short?)x.Row.MediaState);
                command.Set("m_media_sha", m, x => x.Row.Media?.Sha256);
                command.Set("m_media_mime", m, x => x.Row.Media?.MimeType);
                command.Set("m_media_size", m, x => x.Row.Media?.Size);
                command.Set("m_media_name", m, x => x.Row.Media?.FileName);
            }
        }

        if (shape.HasFlag(CommitShape.Changes))
        {
            var u = Rows(i, c => c.Changes);
            command.Set("u_ord", u, x => x.Ord);
            command.Set("u_seq", u, x => x.Row.Seq);
            command.Set("u_status", u, x => (short?)x.Row.Status);
            command.Set("u_backwards", u, x => x.Row.Backwards);
            command.Set("u_wamid", u, x => x.Row.Wamid);
            command.Set("u_sent", u, x => Utc(x.Row.SentAt));
            command.Set("u_delivered", u, x => Utc(x.Row.DeliveredAt));
            command.Set("u_read", u, x => Utc(x.Row.ReadAt));
            command.Set("u_played", u, x => Utc(x.Row.PlayedAt));
            command.Set("u_failed", u, x => Utc(x.Row.FailedAt));
            command.Set("u_unconfirmed", u, x => Utc(x.Row.UnconfirmedAt));
            command.Set("u_repeated_by", u, x => x.Row.RepeatedBy);
            command.Set("u_error", u, x => x.Row.ErrorCode);
            command.Set("u_meta_error", u, x => x.Row.MetaErrorCode);
            command.Set("u_error_detail", u, x => x.Row.ErrorDetail);
            command.Set("u_media_state", u, x => (short?)x.Row.MediaState);
            command.Set("u_media_sha", u, x => x.Row.Media?.Sha256);
            command.Set("u_media_mime", u, x => x.Row.Media?.MimeType);
            command.Set("u_media_size", u, x => x.Row.Media?.Size);
            command.Set("u_price_category", u, x => x.Row.PriceCategory);
            command.Set("u_price_type", u, x => x.Row.PriceType);
        }

        if (shape.HasFlag(CommitShape.Replacements))
        {
            var r = Rows(i, c => c.Replacements);
            command.Set("r_ord", r, x => x.Ord);
            command.Set("r_seq", r, x => x.Row.Message.Seq);
            command.Set("r_type", r, x => x.Row.Message.Type);
            command.Set("r_text", r, x => x.Row.Message.Text);
            command.Set("r_context", r, x => x.Row.Message.ContextWamid);
            command.Set("r_at", r, x => Utc(x.Row.Message.At));
            command.Set("r_late", r, x => x.Row.Message.Late);
            command.Set("r_doubtful", r, x => x.Row.Message.TimeDoubtful);
            command.Set("r_media_state", r, x => (short?)x.Row.Message.MediaState);
            command.Set("r_media_mime", r, x => x.Row.Message.Media?.MimeType);
            command.Set("r_media_name", r, x => x.Row.Message.Media?.FileName);
            command.Set("r_data", r, x => x.Row.Message.Data);
            command.Set("r_raw", r, x => x.Row.Message.Raw);
            command.Set("r_leftover", r, x => x.Row.LeftoverId);
        }

        if (shape.HasFlag(CommitShape.Claims))
        {
            var claims = Rows(i, c => c.Claims);
            command.Set("c_ord", claims, x => x.Ord);
            command.Set("c_identity", claims, x => x.Row);
        }

        if (shape.HasFlag(CommitShape.Releases))
        {
            var releases = Rows(i, c => c.Releases);
            command.Set("f_ord", releases, x => x.Ord);
            command.Set("f_identity", releases, x => x.Row.Identity);
            command.Set("f_at", releases, x => Utc(x.Row.At));
        }

        if (shape.HasFlag(CommitShape.Conflicts))
        {
            var conflicts = Rows(i, c => c.Conflicts);
            command.Set("n_ord", conflicts, x => x.Ord);
            command.Set("n_other", conflicts, x => x.Row.Other.Value);
            command.Set("n_wamid", conflicts, x => x.Row.Wamid);
        }

        if (shape.HasFlag(CommitShape.Tickets))
        {
            var tickets = Rows(i, c => c.Tickets);
            command.Set("k2_ord", tickets, x => x.Ord);
            command.Set("k2_id", tickets, x => x.Row.Id);
            command.Set("k2_number", tickets, x => x.Row.Number);
            command.Set("k2_opened", tickets, x => Utc(x.Row.OpenedAt));
        }

        if (shape.HasFlag(CommitShape.TicketChanges))
            BindTickets(
                command,
                "g",
                Rows(i, c => c.TicketChange is { } change ? [change] : Array.Empty<TicketProperties>())
            );

        if (shape.HasFlag(CommitShape.Opened))
        {
            var p = Rows(i, c => c.Opened is { } opened ? [opened] : Array.Empty<OpenedTicket>());
            BindTickets(command, "p", [.. p.Select(x => (x.Ord, x.C, x.Row.Ticket))]);
            command.Set("p_number", p, x => x.Row.Number);
            command.Set("p_source", p, x => x.Row.Source);
            command.Set("p_status", p, x => x.Row.Status);
            command.Set("p_opened", p, x => Utc(x.Row.Ticket.OpenedAt));
        }

        if (shape.HasFlag(CommitShape.TicketTerms))
        {
            var e = Rows(i, c => c.TermsChange is { } change ? [change] : Array.Empty<TicketProperties>());
            command.Set("e_ord", e, x => x.Ord);
            command.Set("e_ticket", e, x => x.Row.Id);
            command.Set("e_policy", e, x => x.Row.Sla?.Policy);
            command.Set("e_response", e, x => x.Row.Sla?.Response?.Minutes);
            command.Set("e_response_due", e, x => Utc(x.Row.Sla?.Response?.DueAt));
            command.Set("e_response_left", e, x => x.Row.Sla?.Response?.Left);
            command.Set("e_response_breached", e, x => Utc(x.Row.Sla?.Response?.BreachedAt));
            command.Set("e_resolution", e, x => x.Row.Sla?.Resolution?.Minutes);
            command.Set("e_resolution_due", e, x => Utc(x.Row.Sla?.Resolution?.DueAt));
            command.Set("e_resolution_left", e, x => x.Row.Sla?.Resolution?.Left);
            command.Set("e_resolution_breached", e, x => Utc(x.Row.Sla?.Resolution?.BreachedAt));
            command.Set("e_alarm", e, x => Utc(x.Row.Sla?.AlarmAt));
        }

        if (shape.HasFlag(CommitShape.Merges))
        {
            var s = Rows(i, c => c.Merges);
            command.Set("s_ord", s, x => x.Ord);
            command.Set("s_ticket", s, x => x.Row.Ticket);
            command.Set("s_into", s, x => x.Row.Into);
        }

        if (shape.HasFlag(CommitShape.Persons))
        {
            var z = Rows(i, c => c.Person is { } person ? [person] : Array.Empty<PersonRow>());
            command.Set("z_ord", z, x => x.Ord);
            command.Set("z_username", z, x => x.Row.Username);
            command.Set("z_blocked", z, x => Utc(x.Row.Block?.At));
            command.Set("z_by", z, x => x.Row.Block?.By?.Value);
            command.Set("z_reason", z, x => x.Row.Block?.Reason);
            command.Set("z_at_meta", z, x => x.Row.Block?.AtMeta);
            command.Set("z_meta_code", z, x => x.Row.Block?.MetaCode);
            command.Set("z_into", z, x => x.Row.Moved?.Into.Value);
            command.Set("z_merge", z, x => x.Row.Moved?.Merge);
            command.Set("z_merged", z, x => Utc(x.Row.Moved?.At));
            command.Set("z_merged_by", z, x => x.Row.Moved?.By?.Value);
            command.Set("z_pending", z, x => x.Row.Moved?.Pending ?? false);
            command.Set("z_takes_in", z, x => string.Join(',', x.Row.TakesIn.Select(t => t.Value)));
            command.Set("z_reply", z, x => x.Row.Reply?.Thread.Value);
            command.Set("z_reply_wa_id", z, x => x.Row.Reply?.WaId);
            command.Set("z_reply_user_id", z, x => x.Row.Reply?.UserId);
            command.Set("z_stopped", z, x => x.Row.Marketing?.Stopped);
            command.Set("z_marketing", z, x => Utc(x.Row.Marketing?.At));
            command.Set("z_source", z, x => x.Row.Marketing?.Source);
        }

        if (shape.HasFlag(CommitShape.Hidden))
        {
            var h = Rows(i, c => c.Hidden);
            command.Set("h_ord", h, x => x.Ord);
            command.Set("h_seq", h, x => x.Row.Seq);
            command.Set("h_effect", h, x => x.Row.Effect);
            command.Set("h_rules", h, x => string.Join(',', x.Row.Rules));
            command.Set("h_type", h, x => x.Row.Type);
            command.Set("h_text", h, x => x.Row.Text);
            command.Set("h_name", h, x => x.Row.MediaName);
            command.Set("h_raw", h, x => x.Row.Raw);
        }

        if (shape.HasFlag(CommitShape.Hides))
        {
            var b = Rows(i, c => c.Hides);
            command.Set("b_ord", b, x => x.Ord);
            command.Set("b_seq", b, x => x.Row.Seq);
            command.Set("b_rules", b, x => string.Join(',', x.Row.Rules));
            command.Set("b_reason", b, x => x.Row.Reason);
            command.Set("b_by", b, x => x.Row.By?.Value);
            command.Set("b_data", b, x => x.Row.Data);
        }

        if (shape.HasFlag(CommitShape.Shows))
        {
            var w = Rows(i, c => c.Shows);
            command.Set("w_ord", w, x => x.Ord);
            command.Set("w_seq", w, x => x.Row.Seq);
            command.Set("w_by", w, x => x.Row.By?.Value);
        }

        if (shape.HasFlag(CommitShape.Purges))
        {
            var y = Rows(i, c => c.Purges);
            command.Set("y_ord", y, x => x.Ord);
            command.Set("y_seq", y, x => x.Row);
        }

        if (shape.HasFlag(CommitShape.Mentions))
        {
            var a = Rows(i, c => c.Mentions);
            command.Set("a_ord", a, x => x.Ord);
            command.Set("a_agent", a, x => x.Row.Agent.Value);
            command.Set("a_seq", a, x => x.Row.Seq);
        }

        if (shape.HasFlag(CommitShape.Keys))
        {
            var keys = Rows(i, c => c.Keys);
            command.Set("k_ord", keys, x => x.Ord);
            command.Set("k_key", keys, x => x.Row.Key);
            command.Set("k_seq", keys, x => x.Row.Seq);
            command.Set("k_hash", keys, x => x.Row.RequestHash);
        }

        if (shape.HasFlag(CommitShape.Queued))
        {
            var q = Rows(i, c => c.Queued);
            command.Set("q_ord", q, x => x.Ord);
            command.Set("q_seq", q, x => x.Row.Seq);
            command.Set("q_lane", q, x => x.Row.Lane);
            command.Set("q_due", q, x => Utc(x.Row.DueAt));
            command.Set("q_attempt", q, x => x.Row.Attempt);
            command.Set("q_expires", q, x => Utc(x.Row.ExpiresAt));
            command.Set("q_tries", q, x => x.Row.Tries);
            command.Set("q_accepted", q, x => Utc(x.Row.AcceptedAt));
        }

        if (shape.HasFlag(CommitShape.Dequeued))
        {
            var d = Rows(i, c => c.Dequeued);
            command.Set("d_ord", d, x => x.Ord);
            command.Set("d_seq", d, x => x.Row);
        }

        if (shape.HasFlag(CommitShape.Ledger))
        {
            var l = Rows(i, c => c.Ledger);
            command.Set("l_ord", l, x => x.Ord);
            command.Set("l_seq", l, x => x.Row.Seq);
            command.Set("l_period", l, x => Utc(x.Row.PeriodStart));
            command.Set("l_slot", l, x => x.Row.Slot);
            command.Set("l_kind", l, x => x.Row.Kind);
            command.Set("l_state", l, x => x.Row.State);
            command.Set("l_session", l, x => x.Row.SessionSeq);
            command.Set("l_released_for", l, x => x.Row.ReleasedFor);
        }

        if (shape.HasFlag(CommitShape.MediaJobs))
        {
            var j = Rows(i, c => c.MediaJobs);
            command.Set("j_ord", j, x => x.Ord);
            command.Set("j_seq", j, x => x.Row.Seq);
            command.Set("j_graph", j, x => x.Row.GraphId);
            command.Set("j_mime", j, x => x.Row.Mime);
            command.Set("j_sha", j, x => x.Row.Sha256);
            command.Set("j_name", j, x => x.Row.Name);
            command.Set("j_due", j, x => Utc(x.Row.DueAt));
            command.Set("j_give_up", j, x => Utc(x.Row.GiveUpAt));
        }

        if (shape.HasFlag(CommitShape.Leftovers))
        {
            var o = Rows(i, c => c.Leftovers);
            command.Set("o_ord", o, x => x.Ord);
            command.Set("o_id", o, x => x.Row.Id);
            command.Set("o_seq", o, x => x.Row.Seq);
            command.Set("o_hash", o, x => x.Row.ItemHash);
            command.Set("o_reason", o, x => x.Row.Reason);
            command.Set("o_detail", o, x => x.Row.Detail);
            command.Set("o_item", o, x => x.Row.Item);
            command.Set("o_received", o, x => Utc(x.Row.ReceivedAt));
        }
    }

    // What a ticket's own row holds, but for what never changes.
    private static void BindTickets(
        ArrayCommand command,
        string prefix,
        List<(int Ord, ThreadCommit C, TicketProperties Row)> g
    )
    {
        command.Set($"{prefix}_ord", g, x => x.Ord);
        command.Set($"{prefix}_id", g, x => x.Row.Id);
        command.Set($"{prefix}_open", g, x => x.Row.IsOpen);
        command.Set($"{prefix}_version", g, x => x.Row.Version);
        command.Set($"{prefix}_subject", g, x => x.Row.Subject);
        command.Set($"{prefix}_priority", g, x => x.Row.Priority);
        command.Set($"{prefix}_category", g, x => x.Row.Category);
        command.Set($"{prefix}_owner", g, x => x.Row.Owner?.Value);
        command.Set($"{prefix}_team", g, x => x.Row.Team?.Value);
        command.Set($"{prefix}_skills", g, x => string.Join(',', x.Row.Skills));
        command.Set($"{prefix}_routed", g, x => x.Row.Routed);
        command.Set($"{prefix}_queued", g, x => Utc(x.Row.QueuedAt));
        command.Set($"{prefix}_tags", g, x => string.Join('\n', x.Row.Tags));
        command.Set($"{prefix}_snoozed", g, x => Utc(x.Row.SnoozedUntil));
        command.Set($"{prefix}_responded", g, x => Utc(x.Row.FirstResponseAt));
        command.Set($"{prefix}_closed", g, x => Utc(x.Row.ClosedAt));
        command.Set($"{prefix}_properties", g, x => x.Row.Custom);
        command.Set($"{prefix}_moving", g, x => x.Row.MovingTo?.Value);
    }

    private static List<(int Ord, ThreadCommit C, TRow Row)> Rows<TRow>(
        List<(int Ord, ThreadCommit C)> commits,
        Func<ThreadCommit, IReadOnlyList<TRow>> rows
    )
    {
        var all = new List<(int, ThreadCommit, TRow)>();
        foreach (var (ord, commit) in commits)
        {
            foreach (var row in rows(commit))
                all.Add((ord, commit, row));
        }
        return all;
    }

    private static DateTime Utc(DateTimeOffset at) => at.UtcDateTime;

    private static DateTime? Utc(DateTimeOffset? at) => at?.UtcDateTime;
}
