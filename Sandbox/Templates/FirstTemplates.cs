using System.Globalization;
using System.Text.Json.Nodes;

namespace Threadkeep.Sandbox.Templates;

/// <summary>What an account has approved from the beginning: Japanese and English, positional and named variables.</summary>
public static class FirstTemplates
{
    public static IEnumerable<Template> Of(string wabaId)
    {
        var next = 0;
        return All.Select(t => new Template(
            // The same ids at every start without a data directory, different ones for each account.
            "12" + wabaId[^Math.Min(10, wabaId.Length)..] + (++next).ToString("D3", CultureInfo.InvariantCulture),
            wabaId,
            t.Name,
            t.Language,
            t.Category,
            Template.Approved,
            t.Format,
            (JsonArray)JsonNode.Parse(t.Components)!
        ));
    }

    private static readonly (string Name, string Language, string Category, string Format, string Components)[] All =
    [
        (
            "order_update",
            "ja",
            "UTILITY",
            "POSITIONAL",
            """
            [{"type":"BODY","text":"いつもありがとうございます。{{1}}様、ご注文（番号 {{2}}）を発送しました。お届け予定日は{{3}}です。",
              "example":{"body_text":[["田中 結衣","4711","11月25日"]]}},
             {"type":"FOOTER","text":"さくら雑貨店"},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"受け取り日を変更"},{"type":"QUICK_REPLY","text":"問い合わせる"}]}]
            """
        ),
        (
            "order_update",
            "en_US",
            "UTILITY",
            "POSITIONAL",
            """
            [{"type":"BODY","text":"Hello {{1}}, your order {{2}} has left our warehouse. We expect to deliver it on {{3}}.",
              "example":{"body_text":[["Grace","4711","25 November"]]}},
             {"type":"FOOTER","text":"Sakura Zakka"},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Change the day"},{"type":"QUICK_REPLY","text":"Ask a question"}]}]
            """
        ),
        (
            "appointment_reminder",
            "ja",
            "UTILITY",
            "NAMED",
            """
            [{"type":"HEADER","format":"TEXT","text":"ご予約の確認"},
             {"type":"BODY","text":"こんにちは、{{customer_name}}様。{{date}}の{{time}}からのご予約を承っております。ご都合はいかがでしょうか。",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"佐藤 健一"},{"param_name":"date","example":"11月26日（木）"},{"param_name":"time","example":"14:00"}]}},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"伺います"},{"type":"QUICK_REPLY","text":"変更したい"},{"type":"QUICK_REPLY","text":"キャンセル"}]}]
            """
        ),
        (
            "appointment_reminder",
            "en_US",
            "UTILITY",
            "NAMED",
            """
            [{"type":"HEADER","format":"TEXT","text":"Your appointment"},
             {"type":"BODY","text":"Hello {{customer_name}}, we look forward to seeing you on {{date}} at {{time}}. Does that still suit you?",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"Grace"},{"param_name":"date","example":"26 November"},{"param_name":"time","example":"2 pm"}]}},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"I will be there"},{"type":"QUICK_REPLY","text":"Change it"}]}]
            """
        ),
        (
            "continue_conversation",
            "ja",
            "UTILITY",
            "NAMED",
            """
            [{"type":"BODY","text":"お世話になっております。{{customer_name}}様、お問い合わせの件でお返事がございます。続きをご覧になる場合は、下のボタンを押してください。",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"鈴木 春奈"}]}},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"続ける"}]}]
            """
        ),
        (
            "continue_conversation",
            "en_US",
            "UTILITY",
            "NAMED",
            """
            [{"type":"BODY","text":"Hello {{customer_name}}, we have an answer to your question. Tap below to go on with the conversation.",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"Bruno"}]}},
             {"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Go on"}]}]
            """
        ),
        (
            "winter_sale",
            "ja",
            "MARKETING",
            "NAMED",
            """
            [{"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::aW1hZ2U="]}},
             {"type":"BODY","text":"{{customer_name}}様、冬のセールが始まりました。下のコードで10%引きになります。",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"田中 結衣"}]}},
             {"type":"BUTTONS","buttons":[{"type":"URL","text":"商品を見る","url":"https://shop.example/{{1}}","example":["https://shop.example/winter"]},
              {"type":"COPY_CODE","example":"WINTER10"}]}]
            """
        ),
        (
            "winter_sale",
            "en_US",
            "MARKETING",
            "NAMED",
            """
            [{"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::aW1hZ2U="]}},
             {"type":"BODY","text":"Hello {{customer_name}}, our winter sale has begun. The code below takes 10 % off.",
              "example":{"body_text_named_params":[{"param_name":"customer_name","example":"Grace"}]}},
             {"type":"BUTTONS","buttons":[{"type":"URL","text":"Have a look","url":"https://shop.example/{{1}}","example":["https://shop.example/winter"]},
              {"type":"COPY_CODE","example":"WINTER10"}]}]
            """
        ),
    ];
}
