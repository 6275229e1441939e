using Threadkeep.Accounts;
using Threadkeep.Quarantine;

namespace Threadkeep.Threads;

/// <summary>Messages that somebody hides by hand, or shows again; what rules hide is decided with the message.</summary>
public sealed partial class ThreadGrain
{
    public Task<BlockOutcome> HideMessage(int seq, string? reason, AgentId? by) =>
        HideAsync(seq, ContentRules.ByHand, reason, by);

    public Task<BlockOutcome> ShowMessage(int seq, AgentId? by) =>
        BlockAsync(async state =>
        {
            var edits = await services.Stored.HiddenEditsOfAsync(state.Account, state.Thread, seq);
            return QuarantineDecider.Show(state, [seq, .. edits], by, Clock.GetUtcNow());
        });

    // Every version of it: what was changed to says the same, or worse.
    private Task<BlockOutcome> HideAsync(int seq, string rule, string? reason, AgentId? by) =>
        BlockAsync(async state =>
        {
            var edits = await services.Stored.EditsOfAsync(state.Account, state.Thread, seq);
            return QuarantineDecider.Hide(state, [seq, .. edits], rule, reason, by, Clock.GetUtcNow());
        });

    // What a file is shows when its bytes are here: before anybody can open it, it is put away.
    private async Task<bool> PutAwayAsync(int seq, ArrivedMedia media)
    {
        var rules = (await RulesAsync()).Content;
        if (rules.Executables != ContentEffect.Quarantine || !ContentRules.IsExecutable(null, media.Media?.MimeType))
            return true;
        return await HideAsync(seq, ContentRules.Executable, null, null) != BlockOutcome.Unavailable;
    }
}
