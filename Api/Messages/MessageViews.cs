using Threadkeep.Accounts;
using Threadkeep.Media;
using Threadkeep.Threads;

namespace Threadkeep.Messages;

/// <summary>Messages with what was said about them afterwards (reactions, edits, deletions) and what they answer.</summary>
public static class MessageViews
{
    public static async Task<MessageView[]> AllAsync(
        this MessageQueries messages,
        Scope scope,
        ThreadId thread,
        IReadOnlyCollection<MessageListRow> rows,
        DateTimeOffset now
    )
    {
        var wamids = rows.Select(r => r.Wamid).OfType<string>().Distinct().ToArray();
        var quoted = rows.Select(r => r.ContextWamid).OfType<string>().Distinct().ToArray();
        var marks = wamids.Length == 0 ? [] : await messages.MarksAsync(scope, thread, wamids);
        var targets = quoted.Length == 0 ? [] : await messages.ByWamidAsync(scope, thread, quoted);
        var byTarget = marks.ToLookup(m => m.ContextWamid);
        var byWamid = targets.ToDictionary(t => t.Wamid!);
        return
        [
            .. rows.Select(row =>
            {
                var view = MessageView.Of(thread, row, now) with
                {
                    Content = MessageContent.Of(row.Type, row.Raw, row.Body),
                    Quoted = QuotedOf(thread, row, byWamid),
                };
                return row.Wamid is { } wamid ? Marked(view, row, [.. byTarget[wamid]]) : view;
            }),
        ];
    }

    public static async Task<MessageView> OneAsync(
        this MessageQueries messages,
        Scope scope,
        ThreadId thread,
        MessageListRow row,
        DateTimeOffset now
    ) => (await messages.AllAsync(scope, thread, [row], now))[0];

    private static QuotedView? QuotedOf(ThreadId thread, MessageListRow row, Dictionary<string, MessageListRow> byWamid)
    {
        if (row.ContextWamid is not { } wamid)
            return null;
        return byWamid.TryGetValue(wamid, out var found)
            ? new QuotedView(
                wamid,
                new MessageId(thread, found.Seq).ToString(),
                Names.Direction(found.Direction),
                found.Type,
                found.Text,
                FileNames.Clean(found.MediaName)
            )
            : new QuotedView(wamid, null, null, null, null, null);
    }

    // In Meta's order of time, as the thread is: what came late may be older than what was there.
    private static MessageView Marked(MessageView view, MessageListRow row, MessageListRow[] marks)
    {
        if (marks.Length == 0)
            return view;
        // Only who wrote a message can change it or take it back.
        var own = marks.Where(m => m.Direction == row.Direction).ToArray();
        // Of what is hidden every version is, also one that came before anything hid it; of one that is gone the later texts are gone, too.
        var edits =
            row.Type == HiddenRow.QuarantinedType
                ? []
                : own.Where(m => m is { Type: "edit" } && !IsPurged(m)).ToArray();
        var revoked = Array.Find(own, m => m.Type == "revoke");
        return view with
        {
            Text = edits.Length > 0 ? edits[^1].Text : view.Text,
            Edited =
                edits.Length > 0
                    ? new EditedView(
                        edits[^1].At,
                        [
                            new EarlierTextView(row.Text, row.At),
                            .. edits[..^1].Select(e => new EarlierTextView(e.Text, e.At)),
                        ]
                    )
                    : null,
            DeletedAt = revoked?.At,
            Reactions =
            [
                .. marks
                    .Where(m => m.Type == "reaction" && !IsUndone((MessageStatus?)m.Status))
                    .GroupBy(m => m.Direction)
                    .Select(side => side.Last())
                    .Where(m => m.Text is not null)
                    .Select(m => new StandingReactionView(
                        m.Text!,
                        Names.Direction(m.Direction),
                        m.AgentName,
                        m.At,
                        Names.Status(m.Status)
                    )),
            ],
        };
    }

    private static bool IsPurged(MessageListRow row) =>
        row.Data?.Contains(MessageRow.PurgedMark, StringComparison.Ordinal) == true;

    private static bool IsUndone(MessageStatus? status) => status is MessageStatus.Failed or MessageStatus.Cancelled;
}
