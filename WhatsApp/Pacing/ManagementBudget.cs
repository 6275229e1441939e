using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Threadkeep.WhatsApp.Pacing;

/// <summary>
/// Meta counts calls that manage an account (80007, Cloud API "Limits"), refused ones too. What its answers say of the count is kept here,
/// by the object that is called, and while nothing is left of it nothing is called.
/// </summary>
public sealed class ManagementBudget(TimeProvider clock)
{
    private const string UsageHeader = "X-Business-Use-Case-Usage";

    // The last few are left for people.
    private const int Enough = 95;
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> until = [];

    /// <summary>When calls on this object may go on; null: now.</summary>
    /// <param name="id">A WhatsApp Business account or number.</param>
    public DateTimeOffset? RestsUntil(string id) =>
        until.TryGetValue(id, out var end) && end > clock.GetUtcNow() ? end : null;

    /// <summary>Takes in what an answer says.</summary>
    /// <param name="code">Meta's error code; null: none.</param>
    public void Note(string id, HttpResponseHeaders headers, int? code)
    {
        var (used, wait) = UsageOf(headers);
        if (used >= Enough || code is 80007 or 4 or 613)
            until[id] = clock.GetUtcNow() + (wait ?? Unsaid);
        else
            until.TryRemove(id, out _);
    }

    // {"880011223344556":[{"type":"whatsapp","call_count":100,...,"estimated_time_to_regain_access":15}]}: per cent, and minutes.
    private static (int Used, TimeSpan? Wait) UsageOf(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues(UsageHeader, out var values))
            return default;
        try
        {
            using var usage = JsonDocument.Parse(string.Concat(values));
            foreach (var account in usage.RootElement.EnumerateObject())
            foreach (var kind in account.Value.EnumerateArray())
            {
                var used = kind.TryGetProperty("call_count", out var count) ? count.GetInt32() : 0;
                var minutes = kind.TryGetProperty("estimated_time_to_regain_access", out var time)
                    ? time.GetInt32()
                    : 0;
                if (used > 0)
                    return (used, minutes > 0 ? TimeSpan.FromMinutes(Math.Min(minutes, 1_440)) : null);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            // A header that cannot be read says nothing.
        }
        return default;
    }
}
