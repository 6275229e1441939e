using System.Globalization;
using System.Text;

namespace Threadkeep.Sandbox.Demo;

/// <summary>One customer of the demo and what happens in the chat, oldest first.</summary>
/// <param name="WaId">Phone number, digits only.</param>
/// <param name="Name">Name in the WhatsApp profile.</param>
/// <param name="Steps">What happens.</param>
public sealed record Person(string WaId, string Name, params Step[] Steps)
{
    /// <summary>The same id for the same message at every run, so that a repeated demo writes nothing twice.</summary>
    public string WamidOf(string phoneNumberId, int step)
    {
        var story = string.Create(CultureInfo.InvariantCulture, $"demo:{phoneNumberId}:{WaId}:{step}");
        return "wamid." + Convert.ToBase64String(Encoding.UTF8.GetBytes(story));
    }

    /// <summary>The same idempotency key for the same answer at every run.</summary>
    public string KeyOf(string phoneNumberId, int step) =>
        string.Create(CultureInfo.InvariantCulture, $"demo-{phoneNumberId}-{WaId}-{step}");
}

/// <summary>One step of a chat.</summary>
public abstract record Step;

/// <summary>The customer writes.</summary>
/// <param name="Ago">How long before the demo's start; zero is when the step is reached.</param>
/// <param name="Text">The text, or a picture's caption.</param>
/// <param name="Picture">Name of a built-in picture.</param>
public sealed record Writes(TimeSpan Ago, string Text, string? Picture = null) : Step;

/// <summary>The business answers, over the product's REST. Only where the session is open: it is written now.</summary>
public sealed record Answers(string Text) : Step;

/// <summary>The business has read everything so far.</summary>
public sealed record IsRead : Step;

/// <summary>The demo's customers: three days at a small shop for household goods.</summary>
public static class Story
{
    public static readonly Person[] People =
    [
        new(
            "819012345678",
            "田中 結衣",
            new Writes(Minutes(54), "こんにちは。注文番号4711のマグカップを受け取りました。"),
            new Writes(Minutes(53), "箱がつぶれていました。写真を送ります。", "parcel"),
            new Answers(
                "田中様、ご不便をおかけして申し訳ございません。中のマグカップに割れや欠けはございませんでしたでしょうか。"
            ),
            new Writes(TimeSpan.Zero, "カップは無事でした！でも贈り物なので、箱だけ交換できますか？"),
            new Writes(TimeSpan.Zero, "急ぎではないです。よろしくお願いします。")
        ),
        new(
            "351912345678",
            "Bruno Esteves",
            new Writes(Hours(5), "Hi! Is the cherry blossom mug still available?"),
            new Writes(Hours(4.9), "And do you ship to Portugal?"),
            new Answers("Hello Bruno! Yes, we have three left, and shipping to Portugal takes about seven days."),
            new Writes(TimeSpan.Zero, "Perfect, I would like two of them, please.")
        ),
        new(
            "818023456789",
            "佐藤 健一",
            new Writes(Hours(26), "ギフト包装はお願いできますか？"),
            new Writes(Hours(3), "昨日お問い合わせした件ですが、手ぬぐい2枚でお願いしたいです。"),
            new Answers("佐藤様、ありがとうございます。手ぬぐい2枚、ギフト包装（無料）で承ります。"),
            new IsRead()
        ),
        new(
            "971501234567",
            "Amina Khalil",
            new Writes(Hours(22.6), "Good morning, my order has not arrived yet."),
            new Writes(Hours(22.55), "The number is 4698. The tracking page has not changed since Friday.")
        ),
        new(
            "817034567890",
            "鈴木 春奈",
            new Writes(Hours(52), "先週買った花瓶ですが、サイズ違いへの交換はできますか？"),
            new Writes(Hours(51.9), "未使用で、箱もあります。")
        ),
        new(
            "34612345678",
            "Lucía Marín",
            new Writes(Hours(8), "Hello! Do you have a shop in Tokyo I can visit in December?"),
            new Answers("Hello Lucía, yes: we are near Kuramae station and open every day but Tuesday, 11 to 19."),
            new Writes(TimeSpan.Zero, "Wonderful, see you in December! 😊"),
            new IsRead()
        ),
        new(
            "14155550132",
            "Grace Miller",
            new Writes(Hours(30), "Hi, can I still change the address of order 4702?"),
            new Writes(Hours(29.8), "Never mind, it has just arrived. Thank you!"),
            new IsRead()
        ),
        new(
            "819055551234",
            "伊藤商店",
            new Writes(Hours(70), "お世話になっております。業務用でマグカップを40個ほど検討しています。"),
            new Writes(Hours(11), "先日のお見積もりの件、納期はどのくらいでしょうか。"),
            new Writes(Hours(10.9), "できれば12月10日までに必要です。")
        ),
        new(
            "818066667777",
            "高橋 美咲",
            new Writes(Hours(2), "領収書の宛名を変更していただきたいです。", "receipt"),
            new Writes(Hours(1.95), "「株式会社みさきデザイン」でお願いします。"),
            new Answers("高橋様、承知いたしました。本日中に新しい領収書をお送りします。")
        ),
        new(
            "353861234567",
            "Liam O'Connor",
            new Writes(Minutes(25), "Hey there, the handle of my mug came off 😢"),
            new Writes(Minutes(24), "It is this one.", "mug")
        ),
        new("817088889999", "渡辺 翔太", new Writes(Hours(46), "再入荷のお知らせを受け取りたいです。"), new IsRead()),
        new(
            "886912345678",
            "陳 怡君",
            new Writes(Minutes(7), "こんにちは。台湾への送料はいくらですか？"),
            new Writes(Minutes(6), "商品は小さいお皿3枚です。")
        ),
    ];

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    private static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);
}
