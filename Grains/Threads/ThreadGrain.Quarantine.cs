using Threadkeep.Accounts;
using Threadkeep.Quarantine;

namespace Threadkeep.Threads;

/// <summary>Messages that somebody hides by hand, or shows again; what rules hide is decided with the message.</summary>
public sealed partial class ThreadGrain
{
    public Task<BlockOutcome> HideMessage(int seq, string? reason, AgentId? by) =>
        BlockAsync(state => QuarantineDecider.Hide(state, seq, ContentRules.ByHand, reason, by, Clock.GetUtcNow()));

    public Task<BlockOutcome> ShowMessage(int seq, AgentId? by) =>
        BlockAsync(state => QuarantineDecider.Show(state, seq, by, Clock.GetUtcNow()));

    // What a file is shows when its bytes are here: before anybody can open it, it is put away.
    private async Task<bool> PutAwayAsync(int seq, ArrivedMedia media)
    {
        var rules = (await RulesAsync()).Content;
        if (rules.Executables != ContentEffect.Quarantine || !ContentRules.IsExecutable(null, media.Media?.MimeType))
            return true;
        var outcome = await BlockAsync(state =>
            QuarantineDecider.Hide(state, seq, ContentRules.Executable, null, null, Clock.GetUtcNow())
        );
        return outcome != BlockOutcome.Unavailable;
    }
}
