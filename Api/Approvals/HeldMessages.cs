using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Threadkeep.Accounts;
using Threadkeep.Live;
using Threadkeep.Messages;
using Threadkeep.Threads;

namespace Threadkeep.Approvals;

/// <summary>
/// Keeps what people in training send, and lets it out when somebody has said yes. What it promises: nothing leaves before that, and then
/// once, because its thread accepts it under the key that it came with. An interruption between both is made up for by <see cref="ApprovalKeeper"/>.
/// </summary>
public sealed class HeldMessages(ApprovalStore store, SendServices services, TimeProvider clock)
{
    /// <summary>The one that came with this key; null: none did.</summary>
    public Task<ApprovalRow?> ByKeyAsync(AccountId account, string key) => store.ByKeyAsync(account, key);

    /// <summary>Keeps a message that was checked for form; null: its key came in use meanwhile.</summary>
    public async Task<ApprovalRow?> KeepAsync(AccountId account, ThreadListRow thread, AcceptMessage message)
    {
        var now = clock.GetUtcNow();
        var added = await store.AddAsync(
            account,
            new ApprovalRow
            {
                Id = Guid.CreateVersion7(now),
                ThreadId = thread.Id,
                ChannelId = thread.ChannelId,
                Key = message.IdempotencyKey,
                RequestHash = message.RequestHash,
                AgentId = message.Agent!.Value.Value,
                Type = message.Type,
                Text = message.Text,
                Body = message.Body,
                ContextWamid = message.ContextWamid,
                TemplateName = message.TemplateName,
                TemplateLanguage = message.TemplateLanguage,
                MediaSha256 = message.Media?.Sha256,
                MediaMime = message.Media?.MimeType,
                MediaSize = message.Media?.Size,
                MediaName = message.Media?.FileName,
                RepeatsSeq = message.RepeatsSeq,
                SendAt = message.NotBefore,
                Bulk = message.Bulk,
                CreatedAt = now,
            }
        );
        if (added)
            await TellAsync(account, withNotices: true);
        return await store.ByKeyAsync(account, message.IdempotencyKey);
    }

    /// <summary>Reads a message again as if it came now, with another text where somebody gives it one: templates may have been paused meanwhile.</summary>
    internal async Task<SendRequest> ReadAsync(ApprovalRow row, string body) =>
        await SendRequest.ReadAsync(
            Encoding.UTF8.GetBytes(body),
            row.Key,
            row.RequestHash,
            new AgentId(row.AgentId),
            new SendContext(
                new Scope(new AccountId(row.AccountId), null),
                new ThreadId(row.ThreadId),
                new ChannelId(row.ChannelId),
                services.Media,
                services.Templates,
                Personal: null, // filled in when it was held: what a customer is called must not be read as a placeholder
                services.Messages
            )
        );

    /// <summary>Has its thread accept one that is approved. Why that cannot be, or null: it is accepted, or will be.</summary>
    public async Task<ProblemHttpResult?> SendAsync(ApprovalRow row)
    {
        var account = new AccountId(row.AccountId);
        var thread = new ThreadId(row.ThreadId);
        var read = await ReadAsync(row, row.Body);
        if (read.Message is not { } message)
            return await FailAsync(row, read.Problem!);
        message = message with
        {
            NotBefore = row.SendAt,
            Bulk = row.Bulk,
            AgentName = row.AgentName,
            RepeatsSeq = row.RepeatsSeq,
        };
        var result = await services.Calls.AskAsync(
            () => services.Grains.GetGrain<IThreadGrain>(GrainKeys.Thread(account, thread)).Accept(message),
            answer => answer.Refusal == AcceptRefusal.Unavailable
        );
        var seq = result.Seq;
        if (result.Refusal != AcceptRefusal.None)
        {
            // A call whose answer was lost may have had it accepted.
            if (await services.Messages.KeyAsync(account, row.Key) is { } used)
                seq = used.Seq;
            else if (MessageEndpoints.RefusalOf(result, new Scope(account, null)) is { StatusCode: < 500 } refused)
                return await FailAsync(row, refused);
            else
                return null;
        }
        await store.SetSentAsync(row, seq);
        await TellAsync(account, withNotices: false);
        return null;
    }

    private async Task<ProblemHttpResult> FailAsync(ApprovalRow row, ProblemHttpResult problem)
    {
        await store.SetFailedAsync(row, problem.ProblemDetails.Extensions["code"] as string ?? "", clock.GetUtcNow());
        await TellAsync(new AccountId(row.AccountId), withNotices: true);
        return problem;
    }

    /// <summary>Browsers read again what waits.</summary>
    public async Task TellAsync(AccountId account, bool withNotices)
    {
        await services.Grains.TellAccountAsync(account, AccountHint.Approvals);
        if (withNotices)
            await services.Grains.TellAccountAsync(account, AccountHint.Notices);
    }
}
