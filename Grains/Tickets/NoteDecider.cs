using System.Text.Json;
using Threadkeep.Threads;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.Tickets;

/// <summary>Decides about notes. Pure. A note has no place in the queue of what leaves: it cannot reach the customer.</summary>
public static class NoteDecider
{
    /// <summary>Adds a note; nothing where the thread does not exist.</summary>
    public static Decision Add(ThreadState state, AddNote command, DateTimeOffset now)
    {
        var changes = new ThreadChanges(state, now);
        if (!state.Exists)
            return changes.ToDecision();
        var seq = changes.NextSeq();
        var note = new MessageRow
        {
            Seq = seq,
            Direction = MessageDirection.Note,
            Type = "note",
            Text = command.Text,
            At = now,
            ReceivedAt = now,
            Agent = command.By,
            Data = command.ByKey is { } key
                ? JsonSerializer.Serialize(new { apiKey = key }, JsonSerializerOptions.Web)
                : null,
        };
        // Where there is no conversation, notes are what lists show of a ticket.
        if (state.IsDesk)
            changes.Add(note);
        else
            changes.AddNote(note);
        changes.Add(new KeyRow(command.IdempotencyKey, seq, command.RequestHash));
        foreach (var agent in command.Mentions.Distinct())
            changes.Add(new MentionRow(agent, seq));
        return changes.ToDecision();
    }
}
