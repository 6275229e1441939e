using Threadkeep.Accounts;
using Threadkeep.Channels;
using Threadkeep.Threads;
using Threadkeep.WhatsApp;

namespace Threadkeep.Media;

/// <summary>Brings a file of ours to Meta before the message that shows it.</summary>
public sealed class OutboundMedia(
    IMediaStore store,
    MediaIndex index,
    ChannelStore channels,
    ChannelTokens tokens,
    GraphClient graph,
    TimeProvider clock
)
{
    /// <summary>An uploaded id lives 30 days (Cloud API, "Media"); a day less keeps clear of the edge.</summary>
    private static readonly TimeSpan UploadValidFor = TimeSpan.FromDays(29);

    /// <summary>Meta's id for the file, uploading it where that has not been done. Doing it twice is harmless.</summary>
    /// <exception cref="GraphException">Refused, or out of reach.</exception>
    public async Task<string> UploadAsync(AccountId account, ChannelId channelId, StoredMedia media)
    {
        var now = clock.GetUtcNow();
        if (await index.UploadedAsync(account, channelId, media.Sha256, now) is { } known)
            return known;
        var channel =
            await channels.ByIdAsync(account, channelId) ?? throw new GraphException("The channel is gone.", null);
        await using var file =
            await store.OpenAsync(account, media.Sha256, CancellationToken.None)
            ?? throw new GraphException("The file is gone from the media store.", new GraphFailure(404, 131053, null));
        var graphId = await graph.UploadMediaAsync(
            channel.PhoneNumberId,
            tokens.Of(channel),
            file,
            media.MimeType,
            media.FileName ?? "file",
            CancellationToken.None
        );
        await index.RememberUploadAsync(account, channelId, media.Sha256, graphId, now + UploadValidFor);
        return graphId;
    }
}
