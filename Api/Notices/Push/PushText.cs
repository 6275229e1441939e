using Threadkeep.Accounts;

namespace Threadkeep.Notices.Push;

/// <summary>What a browser is given: all that its service worker shows.</summary>
/// <param name="Tag">The same for the same notice: a later one takes the place of the one before.</param>
/// <param name="Path">Where a click leads.</param>
public sealed record PushedText(string Tag, string Title, string Body, string Path, string Lang);

/// <summary>Reads what a push says when it leaves: whoever is not concerned any more, or wants peace by then, is not pushed to.</summary>
public sealed class PushText(NoticeStore notices, TimeProvider clock)
{
    // What a lock screen shows of it at most; a push service takes no more than 4 kB.
    private const int LongestBody = 200;

    /// <summary>Null: it is not to be pushed (any more).</summary>
    public async Task<PushedText?> OfAsync(PushJob job)
    {
        var (account, agent) = (new AccountId(job.AccountId), new AgentId(job.AgentId));
        if (
            await notices.ReaderAsync(account, agent) is not { } reader
            || reader.Settings.IsQuiet(clock.GetUtcNow(), reader.AccountZone)
            || await notices.FindUnseenAsync(reader.Scope, agent, NoticeWays.Push, job.NoticeId) is not { } row
        )
            return null;
        var notice = NoticeView.Of(row);
        // Words of customers and colleagues leave the house only where the person wants that.
        var about = NoticeWords.About(notice, reader.Settings.Previews);
        var words = reader.Settings.Previews && notice.Text is { Length: > 0 } text ? text : null;
        var body = string.Join(": ", new[] { about, words }.Where(t => !string.IsNullOrEmpty(t)));
        return new PushedText(
            job.NoticeId.ToString("N"),
            NoticeWords.Title(notice, reader.Language, reader.Settings.ZoneOf(reader.AccountZone)),
            Cut(body),
            NoticeWords.PathOf(notice),
            reader.Language
        );
    }

    // Between characters, not within a surrogate pair.
    private static string Cut(string text) =>
        text.Length <= LongestBody
            ? text
            : text[..(char.IsHighSurrogate(text[LongestBody - 1]) ? LongestBody - 1 : LongestBody)] + "…";
}
