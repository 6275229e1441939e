using Threadkeep.Channels;

namespace Threadkeep.Threads;

/// <summary>Decides what follows from what customers say of marketing (RE4). Pure. Only Meta's marketing templates are meant by it.</summary>
internal static class MarketingDecider
{
    /// <summary>The row of such a word as it is stored: consoles say it in words of their own.</summary>
    public static MessageRow Mark(InboundItem item, MessageRow row) =>
        item.WantsMarketing is { } wants
            ? row with
            {
                Data = wants ? """{"marketing":"resumed"}""" : """{"marketing":"stopped"}""",
            }
            : row;

    /// <summary>Takes on what was said, unless something later was heard before.</summary>
    public static void Hear(ThreadChanges changes, InboundItem item, DateTimeOffset at)
    {
        if (item.WantsMarketing is not { } wants || at < changes.Person?.Marketing?.At)
            return;
        changes.Person = (changes.Person ?? PersonRow.None) with
        {
            Marketing = new MarketingRow(!wants, at, MarketingRow.WhatsApp),
        };
    }
}
