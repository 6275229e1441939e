using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Threadkeep.Sandbox.Mail;

/// <summary>The mails that were caught: a page for people, JSON for tests.</summary>
public static partial class MailEndpoints
{
    public static void MapMails(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/mail",
            (MailCatcher catcher) => TypedResults.Content(Page(catcher.Mails), "text/html; charset=utf-8")
        );
        routes.MapGet("/control/mails", (MailCatcher catcher) => TypedResults.Ok(new { items = catcher.Mails }));
        routes.MapDelete(
            "/control/mails",
            (MailCatcher catcher) =>
            {
                catcher.Clear();
                return TypedResults.NoContent();
            }
        );
    }

    private static string Page(IReadOnlyList<CaughtMail> mails)
    {
        var page = new StringBuilder(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Mail catcher · Sandbox</title>
            <meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/css/mail.css">
            <main><h1>Mail catcher <small lang="ja">メールの受け皿</small></h1>
            <p>Mails that Threadkeep sent end here; none leaves this machine.
            <span lang="ja">Threadkeepが送ったメールはここに届き、外には出ません。</span></p>
            """
        );
        if (mails.Count == 0)
            page.Append("<p><b>No mail yet. <span lang=\"ja\">メールはまだありません。</span></b></p>");
        foreach (var mail in mails)
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <article><h2>{Encode(mail.Subject)}</h2>
                <p>{mail.At:yyyy-MM-dd HH:mm:ss} UTC · {Encode(mail.From)} → {Encode(string.Join(", ", mail.To))}</p>
                <pre>{Link().Replace(Encode(mail.Text), "<a href=\"$0\">$0</a>")}</pre></article>
                """
            );
        return page.Append("</main></html>").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    // After encoding: nothing in it can end the attribute.
    [GeneratedRegex(@"https?://[^\s<>&""']+")]
    private static partial Regex Link();
}
