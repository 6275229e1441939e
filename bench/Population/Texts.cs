namespace Threadkeep.Bench.Population;

/// <summary>What customers and agents of a web shop write, in Japanese and English, with names and numbers put in.</summary>
internal static class Texts
{
    private static readonly string[] Asked =
    [
        "注文番号 {0} の配送状況を教えてください。",
        "先週{1}を注文しましたが、まだ届いていません。いつ頃になりますか？",
        "{1}のサイズを交換したいのですが、どうすればよいでしょうか。",
        "領収書を発行していただけますか。注文は {0} です。",
        "住所を間違えて登録してしまいました。{2}に変更をお願いします。",
        "{1}が壊れて届きました。写真を送ります。返品できますか？",
        "支払い方法をクレジットカードから銀行振込に変えられますか。",
        "ありがとうございます。助かりました！",
        "はい、それでお願いします。",
        "{2}の店舗の営業時間は何時までですか？",
        "クーポンが使えません。コードは {0} です。",
        "予約を来週の金曜日に変更したいです。",
        "Hello, is order {0} on its way? The page has said the same since Monday.",
        "I would like to return the {1}. It does not fit.",
        "Could you send the invoice for order {0} to my company please?",
        "The {1} arrived broken. What can be done about it?",
        "Is the {1} available in your shop in {2}?",
        "Thank you so much, that was quick!",
        "Yes please, go ahead.",
        "Can I still change the delivery address of {0}? I moved to {2}.",
        "My discount code does not work, it says it has expired.",
        "What time does the shop in {2} close on Sundays?",
    ];

    private static readonly string[] Answered =
    [
        "お問い合わせありがとうございます。注文 {0} は本日発送いたしました。",
        "ご不便をおかけして申し訳ございません。新しい{1}をすぐにお送りします。",
        "かしこまりました。{2}への変更を承りました。",
        "確認いたしますので、少々お待ちください。",
        "返品用のラベルをメールでお送りしました。",
        "{2}店は午後八時まで営業しております。",
        "Thank you for writing. Order {0} left our warehouse this morning.",
        "I am sorry about that. A new {1} is on its way to you.",
        "Done: it goes to {2} now.",
        "One moment please, I am looking into it.",
        "We have sent you a label for the return by email.",
        "The shop in {2} is open until eight in the evening.",
    ];

    private static readonly string[] Things =
    [
        "青いスニーカー",
        "コーヒーメーカー",
        "羽毛布団",
        "イヤホン",
        "折りたたみ傘",
        "raincoat",
        "desk lamp",
        "wireless keyboard",
        "tea set",
        "backpack",
    ];
    private static readonly string[] Places =
    [
        "東京",
        "大阪",
        "札幌",
        "福岡",
        "京都市",
        "Lisbon",
        "Porto",
        "Braga",
        "Coimbra",
        "Faro",
    ];
    private static readonly string[] Families =
    [
        "佐藤",
        "鈴木",
        "高橋",
        "田中",
        "伊藤",
        "渡辺",
        "山本",
        "Silva",
        "Santos",
        "Ferreira",
        "Costa",
        "Mar",
    ];
    private static readonly string[] Givens =
    [
        "陽菜",
        "結衣",
        "蓮",
        "大翔",
        "さくら",
        "健太",
        "美咲",
        "Rita",
        "João",
        "Inês",
        "Miguel",
        "Ana",
    ];

    /// <param name="seed">The same seed, the same text.</param>
    public static string Inbound(uint seed) => Fill(Asked[seed % Asked.Length], seed);

    public static string Outbound(uint seed) => Fill(Answered[seed % Answered.Length], seed);

    public static string Name(uint seed) =>
        seed % 12 < 7
            ? $"{Families[seed % 7]} {Givens[seed / 12 % 7]}"
            : $"{Givens[7 + seed / 12 % 5]} {Families[7 + seed % 5]}";

    private static string Fill(string text, uint seed) =>
        string.Format(
            null,
            text,
            $"TK-{seed % 900_000 + 100_000}",
            Things[seed / 7 % Things.Length],
            Places[seed / 11 % Places.Length]
        );
}
