using System.Text;

namespace Threadkeep.Threads;

/// <summary>The kinds of rows that commits bring, each a part of <c>Commit.sql</c>: the names, in snake case, stand behind its marks.</summary>
[Flags]
internal enum CommitShape
{
    None = 0,

    /// <summary>Threads that do not exist yet.</summary>
    Threads = 1,
    Messages = 1 << 1,

    /// <summary>Messages of ours, with a status and a body.</summary>
    Sends = 1 << 2,

    /// <summary>Messages with a file.</summary>
    Files = 1 << 3,
    Changes = 1 << 4,
    Replacements = 1 << 5,
    Claims = 1 << 6,
    Releases = 1 << 7,
    Conflicts = 1 << 8,
    Tickets = 1 << 9,
    Keys = 1 << 10,
    Queued = 1 << 11,
    Dequeued = 1 << 12,
    Ledger = 1 << 13,
    MediaJobs = 1 << 14,
    Leftovers = 1 << 15,
    TicketChanges = 1 << 16,
    Mentions = 1 << 17,
    TicketTerms = 1 << 18,
    Merges = 1 << 19,

    /// <summary>Tickets that are opened without a conversation.</summary>
    Opened = 1 << 20,

    /// <summary>What few customers have.</summary>
    Persons = 1 << 21,

    /// <summary>What new messages said and their rows do not hold.</summary>
    Hidden = 1 << 22,

    /// <summary>Stored messages that are hidden.</summary>
    Hides = 1 << 23,

    /// <summary>Stored messages that are shown again.</summary>
    Shows = 1 << 24,

    /// <summary>Stored messages of which only that they were taken back is left.</summary>
    Purges = 1 << 25,

    /// <summary>The whole statement.</summary>
    All = (1 << 26) - 1,
}

/// <summary>What a batch brings, and the statement cut to it.</summary>
internal static class CommitShapes
{
    private const string Mark = "--@";
    private static readonly string Whole = ArrayCommand.ReadSql("Commit.sql");

    /// <summary>The kinds of rows in these commits.</summary>
    public static CommitShape Of(IReadOnlyList<ThreadCommit> commits)
    {
        var shape = CommitShape.None;
        foreach (var commit in commits)
        {
            Add(CommitShape.Threads, commit.ExpectedVersion == 0);
            foreach (var message in commit.Messages)
            {
                Add(CommitShape.Messages, true);
                Add(
                    CommitShape.Sends,
                    message.Status is not null || message.ErrorCode is not null || message.Agent is not null
                );
                Add(CommitShape.Files, message.Media is not null || message.MediaState is not null);
            }
            Add(CommitShape.Changes, commit.Changes.Count > 0);
            Add(CommitShape.Replacements, commit.Replacements.Count > 0);
            Add(CommitShape.Claims, commit.Claims.Count > 0);
            Add(CommitShape.Releases, commit.Releases.Count > 0);
            Add(CommitShape.Conflicts, commit.Conflicts.Count > 0);
            Add(CommitShape.Tickets, commit.Tickets.Count > 0);
            Add(CommitShape.Keys, commit.Keys.Count > 0);
            Add(CommitShape.Queued, commit.Queued.Count > 0);
            Add(CommitShape.Dequeued, commit.Dequeued.Count > 0);
            Add(CommitShape.Ledger, commit.Ledger.Count > 0);
            Add(CommitShape.MediaJobs, commit.MediaJobs.Count > 0);
            Add(CommitShape.Leftovers, commit.Leftovers.Count > 0);
            Add(CommitShape.Opened, commit.Opened is not null);
            Add(CommitShape.TicketChanges, commit.TicketChange is not null);
            Add(CommitShape.Mentions, commit.Mentions.Count > 0);
            Add(CommitShape.TicketTerms, commit.TermsChange is not null);
            Add(CommitShape.Merges, commit.Merges.Count > 0);
            Add(CommitShape.Persons, commit.Person is not null);
            Add(CommitShape.Purges, commit.Purges.Count > 0);
            Add(CommitShape.Hidden, commit.Hidden.Count > 0);
            Add(CommitShape.Hides, commit.Hides.Count > 0);
            Add(CommitShape.Shows, commit.Shows.Count > 0);
        }
        return shape;

        void Add(CommitShape kind, bool there)
        {
            if (there)
                shape |= kind;
        }
    }

    /// <summary>The statement without the parts for which no row came.</summary>
    public static string Sql(CommitShape shape)
    {
        var kept = new StringBuilder(Whole.Length);
        var open = new Stack<bool>([true]);
        foreach (var line in Whole.Split('\n'))
        {
            var text = line.AsSpan().Trim();
            if (!text.StartsWith(Mark))
            {
                if (open.Peek())
                    kept.Append(line).Append('\n');
            }
            else if (text.Length == Mark.Length)
            {
                open.Pop();
            }
            else
            {
                var kind = Enum.Parse<CommitShape>(
                    text[Mark.Length..].ToString().Replace("_", "", StringComparison.Ordinal),
                    true
                );
                open.Push(open.Peek() && (shape & kind) != 0);
            }
        }
        return kept.ToString();
    }
}
