using Threadkeep.WhatsApp;

namespace Threadkeep.Channels;

/// <summary>Meta's refusals in our words.</summary>
internal static class GraphRefusal
{
    /// <param name="otherwise">The code where Meta did answer, and with nothing that has a code of its own.</param>
    public static ChannelRefusal Of(GraphException failed, string otherwise)
    {
        var code = failed.Failure switch
        {
            null => ChannelRefusals.MetaUnreachable,
            { HttpStatus: >= 500 } => ChannelRefusals.MetaUnreachable,
            { Code: 190 or 0 } when otherwise == ChannelRefusals.MetaRefused => ChannelRefusals.TokenWrong,
            { Code: 133005 } => ChannelRefusals.PinWrong,
            { Code: 133006 } => ChannelRefusals.NotVerified,
            { Code: 133008 or 133009 } => ChannelRefusals.PinLocked,
            { Code: 133016 } => ChannelRefusals.RegisterLimit,
            { Code: 2593107 } => ChannelRefusals.HistoryAsked,
            { Code: 2593108 } => ChannelRefusals.HistoryTooLate,
            _ => otherwise,
        };
        return new ChannelRefusal(code, failed.Failure?.Detail);
    }
}
