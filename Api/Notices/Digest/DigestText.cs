using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Threadkeep.Mail;

namespace Threadkeep.Notices.Digest;

/// <summary>What a mail of notices says, in the person's language, the times by their clock.</summary>
public sealed class DigestText(IOptions<ConsoleOptions> console)
{
    /// <summary>More are told of by their number.</summary>
    public const int MostListed = 50;

    private readonly string address = console.Value.Address.TrimEnd('/');

    /// <param name="rows">The newest first; one more than <see cref="MostListed"/> where there are more.</param>
    public OutgoingMail Of(NoticeReader reader, IReadOnlyList<NoticeRow> rows, DateTimeOffset now)
    {
        var zone = reader.Settings.ZoneOf(reader.AccountZone);
        var text = new StringBuilder();
        text.Append(Text(reader, "lead", ("name", reader.Name), ("account", reader.AccountName))).Append("\n\n");
        foreach (var row in rows.Take(MostListed))
            Add(text, reader, NoticeView.Of(row), zone, now);
        if (rows.Count > MostListed)
            text.Append(Text(reader, "more")).Append("\n\n");
        text.Append(Text(reader, "settings", ("link", $"{address}/settings/notifications"))).Append('\n');
        return new OutgoingMail(
            reader.Email,
            NoticeWords.Plural(
                reader.Language,
                "mail.notices.subject",
                Math.Min(rows.Count, MostListed),
                ("account", reader.AccountName)
            ),
            text.ToString()
        );
    }

    private void Add(StringBuilder text, NoticeReader reader, NoticeView notice, TimeZoneInfo zone, DateTimeOffset now)
    {
        var at = TimeZoneInfo.ConvertTime(notice.At, zone);
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        var time = at.ToString(
            at.Date == today ? "HH:mm"
                : reader.Language == "ja" ? "M月d日 HH:mm"
                : "d MMM, HH:mm",
            CultureInfo.GetCultureInfo(reader.Language == "ja" ? "ja-JP" : "en-GB")
        );
        text.Append("- ")
            .Append(time)
            .Append("  ")
            .Append(NoticeWords.Title(notice, reader.Language, zone))
            .Append('\n');
        var about = NoticeWords.About(notice, reader.Settings.Previews);
        var words = reader.Settings.Previews && notice.Text is { Length: > 0 } written ? OneLine(written) : null;
        var line = string.Join(": ", new[] { about, words }.Where(part => !string.IsNullOrEmpty(part)));
        if (line.Length > 0)
            text.Append("  ").Append(line).Append('\n');
        if (notice.Thread is not null)
            text.Append("  ").Append(address).Append(NoticeWords.PathOf(notice)).Append('\n');
        text.Append('\n');
    }

    // A customer's line breaks must not look like lines of ours.
    private static string OneLine(string written) =>
        string.Join(' ', written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(NoticeReader reader, string key, params (string, string)[] values) =>
        Catalogue.Text(reader.Language, $"mail.notices.{key}", values);
}
