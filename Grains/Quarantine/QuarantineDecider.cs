using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using ThreadState = Threadkeep.Threads.ThreadState;

namespace Threadkeep.Quarantine;

/// <summary>
/// Decides what of a customer's message is hidden (ME4). Pure, and a part of the very decision that stores the message: what a rule hides
/// never stands in the message's row, so nothing shows it for a moment (ADR 086). What it says is put beside it, for those who may look.
/// </summary>
public static class QuarantineDecider
{
    private const string EditType = "edit";
    private static readonly byte[] ReferralMember = [.. "\"referral\""u8];

    // Names, not words: nobody reads them.
    private static readonly HashSet<string> Meta =
    [
        "id",
        "from",
        "from_user_id",
        "from_parent_user_id",
        "timestamp",
        "type",
        "wa_id",
        "user_id",
        "message_id",
        "original_message_id",
        "group_id",
        "catalog_id",
        "source_id",
        "ctwa_clid",
        "image_url",
        "thumbnail_url",
        "video_url",
        "href",
    ];
    private static readonly byte[] ErrorsMember = [.. "\"errors\""u8];

    /// <summary>The row of a message as rules leave it, and beside it what they hide.</summary>
    /// <param name="stored">What is known of the messages that edits are of.</param>
    internal static MessageRow Judge(
        ThreadChanges changes,
        InboundItem item,
        MessageRow row,
        IReadOnlyDictionary<string, StoredMessageRow>? stored = null
    )
    {
        // The new text of a message that is hidden is hidden for the same.
        if (item.Type == EditType && item.ContextWamid is { } edited)
        {
            var why = changes.HidesOf(edited) ?? stored?.GetValueOrDefault(edited)?.HiddenBy;
            if (why is not null)
                return PutAside(changes, row, new Judgement(ContentEffect.Quarantine, why, []));
        }
        var rules = changes.Rules.Content;
        var facts = new ContentFacts(
            Everything(row, item.Raw),
            item.Media?.FileName,
            item.Media?.MimeType,
            rules.AsksForCodes ? CodeIn(item.Raw) : null
        );
        if (rules.Judge(facts) is not { } judged)
            return row;
        return PutAside(changes, row, judged);
    }

    private static MessageRow PutAside(ThreadChanges changes, MessageRow row, Judgement judged)
    {
        var data = Beside(row.Data, DataOf(judged.Effect, judged.Rules));
        if (judged.Effect == ContentEffect.Mark)
            return row with { Data = data };
        var quarantined = judged.Effect == ContentEffect.Quarantine;
        changes.Add(
            new HiddenRow(
                row.Seq,
                quarantined ? HiddenRow.Quarantine : HiddenRow.Mask,
                judged.Rules,
                row.Type,
                row.Text,
                row.Media?.FileName,
                row.Raw
            )
        );
        return quarantined
            ? row with
            {
                Type = HiddenRow.QuarantinedType,
                Text = null,
                Raw = null,
                Media = row.Media is null ? null : row.Media with { FileName = null },
                Data = data,
            }
            : row with
            {
                Text = row.Text is null ? null : judged.Masked(row.Text),
                Media = row.Media is { FileName: { } name } file
                    ? file with
                    {
                        FileName = judged.Masked(name),
                    }
                    : row.Media,
                Raw = Masked(row.Raw, judged),
                Data = data,
            };
    }

    /// <summary>Hides stored messages of the customer's, because somebody or a later finding says so: one, and the new texts it was given.</summary>
    /// <returns>Null where there can be no such message.</returns>
    public static Decision? Hide(
        ThreadState state,
        int[] messages,
        string rule,
        string? reason,
        AgentId? by,
        DateTimeOffset now
    )
    {
        if (!AreIn(state, messages))
            return null;
        var changes = new ThreadChanges(state, now);
        foreach (var seq in messages)
            changes.Hide(new HideRow(seq, [rule], reason, by, DataOf(ContentEffect.Quarantine, [rule])));
        return changes.ToDecision();
    }

    /// <summary>Shows hidden messages again, whole; one that is not hidden stays as it is.</summary>
    /// <returns>Null where there can be no such message.</returns>
    public static Decision? Show(ThreadState state, int[] messages, AgentId? by, DateTimeOffset now)
    {
        if (!AreIn(state, messages))
            return null;
        var changes = new ThreadChanges(state, now);
        foreach (var seq in messages)
            changes.Show(new ShowRow(seq, by));
        return changes.ToDecision();
    }

    private static bool AreIn(ThreadState state, int[] messages) =>
        state.Exists && messages.All(seq => seq >= 1 && seq <= state.Row.LastSeq);

    // What the row says of itself already stays in front.
    private static string Beside(string? before, string data) => before is null ? data : $"{before[..^1]},{data[1..]}";

    private static string DataOf(ContentEffect effect, string[] rules) =>
        JsonSerializer.Serialize(
            new { hidden = new { effect = effect.ToString().ToLowerInvariant(), rules } },
            JsonSerializerOptions.Web
        );

    // The event as it came says the same in other places: whatever holds what was found is masked there, too.
    private static byte[]? Masked(byte[]? raw, Judgement judged)
    {
        if (raw is not { Length: > 0 })
            return raw;
        try
        {
            var whole = JsonNode.Parse(raw);
            return JsonSerializer.SerializeToUtf8Bytes(Mask(whole));
        }
        catch (JsonException)
        {
            return null;
        }

        JsonNode? Mask(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject parent:
                    foreach (var (name, member) in parent.ToArray())
                        parent[name] = Mask(member)?.DeepClone();
                    return parent;
                case JsonArray list:
                    for (var n = 0; n < list.Count; n++)
                        list[n] = Mask(list[n])?.DeepClone();
                    return list;
                case JsonValue value when value.TryGetValue<string>(out var text):
                    return JsonValue.Create(judged.Masked(text));
                default:
                    return node;
            }
        }
    }

    // What is shown of a message besides its text is read from the event: all of it is looked at. A plain text says nothing else.
    private static string? Everything(MessageRow row, byte[] raw)
    {
        if (row.Type == "text" && raw.AsSpan().IndexOf(ReferralMember) < 0)
            return row.Text;
        var all = new StringBuilder(row.Text);
        try
        {
            using var message = JsonDocument.Parse(raw);
            Gather(message.RootElement);
        }
        catch (JsonException)
        {
            // Its text is all that anybody can read of it.
        }
        return all.Length == 0 ? null : all.ToString();

        void Gather(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    // A file's own members are Meta's: its id, its address, its hash.
                    var isFile = element.TryGetProperty("mime_type", out _);
                    foreach (var member in element.EnumerateObject())
                        if (!Meta.Contains(member.Name) && !(isFile && member.Name is not ("caption" or "filename")))
                            Gather(member.Value);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        Gather(item);
                    break;
                case JsonValueKind.String when element.GetString() is { Length: > 0 } text && text != row.Text:
                    all.Append('\n').Append(text);
                    break;
                default:
                    break;
            }
        }
    }

    // Meta's word on a message that it does not deliver as it is: the first of `errors`.
    private static int? CodeIn(byte[] raw)
    {
        if (raw.AsSpan().IndexOf(ErrorsMember) < 0)
            return null;
        try
        {
            using var message = JsonDocument.Parse(raw);
            return
                message.RootElement.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Array
                && errors.GetArrayLength() > 0
                && errors[0].ValueKind == JsonValueKind.Object
                && errors[0].TryGetProperty("code", out var code)
                && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number)
                ? number
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
