using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Threadkeep.Api.Tests.Support;
using Threadkeep.Testing;

namespace Threadkeep.Api.Tests.People;

/// <summary>
/// Two accounts of one deployment (SPEC.md PS2): every door that the API describes is tried with one account's ids and the other's key,
/// and with the cookie of the other's admin. Nothing is told and nothing is written. A new door must say below what to try it with.
/// </summary>
[Collection(nameof(RealTime))]
public sealed class SeparationTests(RealTime product)
{
    // A word that is in everything of account A and nowhere else.
    private readonly string mark = "akebono" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    // Doors that need no sign-in are not an account's: their own tests try them.
    private static readonly string[] Open =
    [
        "signIn",
        "getSignInOptions",
        "signOut",
        "forgotPassword",
        "openPasswordLink",
        "resetPassword",
        "openInvitation",
        "acceptInvitation",
    ];

    [Fact]
    public async Task No_door_tells_or_changes_anything_of_another_account()
    {
        var (a, ids) = await FurnishAsync();
        var person = Browser.NewPerson("admin", "Neighbour");
        var b = await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        var self = (await browser.GetAsync("me")).Body!["agent"]!["id"]!.ToString();
        var before = await SnapshotAsync(a);
        var tried = 0;

        foreach (var (id, method, path) in await DoorsAsync())
        {
            if (Open.Contains(id))
                continue;
            var address = Fill(path, ids, id);
            var body = Body(id, ids, self);
            foreach (var byCookie in new[] { true, false })
            {
                using var request = new HttpRequestMessage(method, new Uri(product.ApiUrl, address));
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await (byCookie ? browser.Http : b.Http).SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();

                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{id}: {text}");
                text.ShouldNotContain(mark, Case.Insensitive, $"{id} tells");
                if (path.Contains('{', StringComparison.Ordinal))
                    ((int)answer.StatusCode).ShouldBeOneOf([403, 404], $"{id}: {text}");
                else
                    foreach (var secret in ids.Values)
                        text.ShouldNotContain(secret, Case.Insensitive, $"{id} names an id");
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(60);
        var after = await SnapshotAsync(a);
        before.Keys.Where(table => after[table] != before[table]).ShouldBeEmpty("these tables were written to");
        // B's own admin is not limited to A's channel or put into A's team either.
        var me = (await browser.GetAsync($"people/{self}")).Body!;
        me["channelIds"]!.AsArray().ShouldBeEmpty();
        me["teamIds"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_live_feed_tells_nothing_of_another_account()
    {
        var a = await product.OfficeAsync();
        var person = Browser.NewPerson("agent");
        var b = await product.OfficeAsync(agents: [person]);
        using var browser = await Browser.OfAsync(product, person);
        using var stream = await browser.Http.GetStreamAsync("live");
        using var events = new StreamReader(stream);
        var hidden = await a.HearAsync(Office.NewCustomer());
        var own = await b.HearAsync(Office.NewCustomer());

        var told = "";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!told.Contains(own.Id, StringComparison.Ordinal))
            told += await events.ReadLineAsync(patience.Token) + "\n";
        told.ShouldNotContain(hidden.Id);
    }

    // Account A with one of everything that has an id. Names are what a path calls them.
    private async Task<(Office, Dictionary<string, string>)> FurnishAsync()
    {
        var admin = Browser.NewPerson("admin", mark);
        var a = await product.OfficeAsync(agents: [admin], templates: true);
        using var boss = await Browser.OfAsync(product, admin);
        var thread = await a.HearOnPhoneAsync(Office.NewCustomer(), $"Hello {mark}");
        var message = await a.AcceptedAsync(thread, Office.TextBody($"Answer {mark}"));
        // Nothing of it is under way any more when the doors are tried.
        await a.UntilAsync(message, "delivered", "read");
        var unknown = Hook.Body([Hook.Value(a.Number, [], [Hook.Status(Hook.NewWamid(), "read", product.Now)])]);
        (await a.HookAsync(unknown)).ShouldBe(200);
        await Eventually.IsTrueAsync("something is left over", async () => (await a.LeftoversAsync()).Length > 0);
        var team = await boss.PostAsync("teams", new { name = mark });
        var invited = await boss.PostAsync("invitations", new { email = $"{mark}@example.com", role = "agent" });
        var view = await boss.PostAsync("views", new { name = mark });
        var macro = await boss.PostAsync("macros", new { name = mark, actions = new { note = mark } });
        var hours = new
        {
            name = mark,
            timeZone = "UTC",
            spans = Array.Empty<object>(),
        };
        var schedule = await boss.PostAsync("schedules", hours);
        var contact = await boss.PostAsync("contacts", new { familyName = mark, note = mark });
        var twin = await boss.PostAsync("contacts", new { familyName = mark });
        var property = await boss.PostAsync("ticket-properties", new { label = mark, type = "text" });
        var company = await boss.PostAsync("companies", new { name = mark });
        var deal = await boss.PostAsync("deals", new { name = mark });
        var merged = await boss.PostAsync($"contacts/{twin.Id}/merge", new { intoId = contact.Id });
        var notice = await product.Database.ScalarAsync<Guid>(
            $$"""
            insert into threadkeep.notices (account_id, agent_id, id, at, kind, data)
            select account_id, id, gen_random_uuid(), now(), 'tickets_returned',
                '{"owner":"{{Guid.NewGuid()}}","ownerName":"{{mark}}","minutes":15,"count":0,"tickets":[]}'
            from threadkeep.agents where account_id = '{{a.Account}}' returning id
            """
        );
        var browser = await product.Database.ScalarAsync<Guid>(
            $"""
            insert into threadkeep.push_subscriptions
                (account_id, agent_id, id, session_id, endpoint, endpoint_hash, public_key, sealed_auth, created_at)
            select account_id, agent_id, gen_random_uuid(), id, '{mark}', '{mark}', '', '', now()
            from threadkeep.sign_in_sessions where account_id = '{a.Account}' limit 1 returning id
            """
        );
        using var card = new StringContent(
            $"market,countries,category,currency,price,valid from\n{mark},JP,utility,USD,0.01,2026-01-01",
            Encoding.UTF8,
            "text/csv"
        );
        using var priced = await boss.Http.PostAsync("prices", card);
        ((int)priced.StatusCode).ShouldBe(200);
        var waiting = await product.Database.ScalarAsync<Guid>(
            $"""
            insert into threadkeep.approvals
                (account_id, id, thread_id, channel_id, key, request_hash, agent_id, type, text, body, created_at, state)
            select account_id, gen_random_uuid(), '{thread.Id}', '{thread.ChannelId}', '{mark}', '', id, 'template', '{mark}', '{mark}', now(), 'waiting'
            from threadkeep.agents where account_id = '{a.Account}' limit 1 returning id
            """
        );
        var skill = await boss.PostAsync("skills", new { name = mark });
        var ticket = (await boss.GetAsync($"threads/{thread.Id}")).Body!["ticket"]!["id"]!.ToString();
        var media = await product.Database.ScalarAsync<string>(
            $"insert into threadkeep.media (account_id, sha256, mime, size, name, created_at, scan) values ('{a.Account}', '{RandomNumberGenerator.GetHexString(64, lowercase: true)}', 'image/png', 1, '{mark}', now(), 1) returning sha256"
        );
        var template = await product.Database.ScalarAsync<string>(
            $"select graph_id from threadkeep.templates where account_id = '{a.Account}' limit 1"
        );
        return (
            a,
            new Dictionary<string, string>
            {
                ["threads"] = thread.Id,
                ["threadId"] = thread.Id,
                ["messageId"] = message,
                ["tickets"] = ticket,
                ["views"] = view.Id,
                ["macros"] = macro.Id,
                ["schedules"] = schedule.Id,
                ["contacts"] = contact.Id,
                ["companies"] = company.Id,
                ["companyId"] = company.Id,
                ["deals"] = deal.Id,
                ["dealId"] = deal.Id,
                ["merges"] = merged.Body!["merges"]![0]!["id"]!.ToString(),
                ["approvals"] = waiting.ToString("N"),
                ["skills"] = skill.Id,
                ["ticket-properties"] = property.Id,
                ["notices"] = notice.ToString("N"),
                ["push"] = browser.ToString("N"),
                ["leftovers"] = (await a.LeftoversAsync())[0].Id,
                ["people"] = (await boss.GetAsync("me")).Body!["agent"]!["id"]!.ToString(),
                ["teams"] = team.Id,
                ["invitations"] = invited.Body!["invitation"]!["id"]!.ToString(),
                ["sessions"] = (await boss.GetAsync("me/sessions")).Body!["items"]![0]!["id"]!.ToString(),
                ["media"] = media!,
                ["templates"] = template!,
                ["channels"] = thread.ChannelId,
                ["account"] = a.Account.ToString("N"),
            }
        );
    }

    // Every operation of the API's own description.
    private async Task<List<(string Id, HttpMethod Method, string Path)>> DoorsAsync()
    {
        using var http = new HttpClient();
        var description = JsonNode.Parse(await http.GetStringAsync(new Uri(product.ApiUrl, "/openapi/v1.json")))!;
        return
        [
            .. description["paths"]!
                .AsObject()
                .SelectMany(path =>
                    path.Value!.AsObject()
                        .Select(o =>
                            (o.Value!["operationId"]!.ToString(), new HttpMethod(o.Key.ToUpperInvariant()), path.Key)
                        )
                ),
        ];
    }

    // {id} is what the part before it is a list of; {messageId} and the like have a name of their own.
    private static string Fill(string path, Dictionary<string, string> ids, string operation)
    {
        var parts = path.Split('/');
        for (var n = 0; n < parts.Length; n++)
        {
            if (!parts[n].StartsWith('{'))
                continue;
            if (parts[n] == "{kind}")
            {
                parts[n] = "reply"; // a word, and no id
                continue;
            }
            var name = parts[n] == "{id}" ? parts[n - 1] : parts[n].Trim('{', '}');
            ids.ShouldContainKey(name, $"{operation}: FurnishAsync makes nothing that {path} could name");
            parts[n] = ids[name];
        }
        return string.Join('/', parts);
    }

    // Bodies that would be taken if the ids in them were the caller's own.
    private string? Body(string operation, Dictionary<string, string> ids, string self) =>
        operation switch
        {
            "changeMe" => "{}",
            "changePassword" => """{"current":"wrong","new":"long enough to be one"}""",
            "beginSecondFactor" or "renewRecoveryCodes" or "disableSecondFactor" => """{"password":"wrong"}""",
            "confirmSecondFactor" => """{"code":"000000"}""",
            "getThreadVersions" => $$"""{"ids":["{{ids["threads"]}}"]}""",
            "quarantineMessage" or "revealMessage" or "releaseMessage" => """{"reason":"From next door"}""",
            "changeContentRules" or "testContentRules" => """{"version":0}""",
            "blockCustomer" => """{"reason":"From next door"}""",
            "markThreadRead" => $$"""{"upTo":"{{ids["messageId"]}}"}""",
            "sendMessage" => Office.TextBody("From next door"),
            "approveMessage" => """{"text":"From next door"}""",
            "returnMessage" => """{"note":"From next door"}""",
            "changeTicket" => $$"""{"priority":"high","ownerId":"{{ids["people"]}}"}""",
            "mergeThread" => $$"""{"into":"{{ids["threads"]}}"}""",
            "mergeTicket" => $$"""{"into":"{{ids["tickets"]}}"}""",
            "addTicketProperty" => """{"label":"Mine","type":"text"}""",
            "changeTicketProperty" => """{"version":1,"label":"Mine","archived":true}""",
            "createTicket" => $$"""{"subject":"From next door","contactId":"{{ids["contacts"]}}"}""",
            "attachTicket" => $$"""{"threadId":"{{ids["threads"]}}"}""",
            "beginThread" => $$"""{"channelId":"{{ids["channels"]}}","contactId":"{{ids["contacts"]}}"}""",
            "addNote" => $$"""{"text":"From next door","mentions":["{{ids["people"]}}"]}""",
            "tellPresence" => """{"state":"viewing","asks":true}""",
            "saveDraft" => """{"text":"From next door"}""",
            "createView" => $$"""{"name":"Mine","sharing":"team","teamId":"{{ids["teams"]}}"}""",
            "changeView" => """{"version":1,"name":"Mine"}""",
            "createMacro" => """{"name":"Mine","actions":{"status":"closed"}}""",
            "changeMacro" => """{"version":1,"name":"Mine","actions":{"status":"closed"}}""",
            "createSchedule" or "changeSchedule" or "previewSchedule" =>
                """{"name":"Mine","timeZone":"UTC","spans":[],"version":1}""",
            "changeSla" =>
                $$"""{"version":0,"policies":[{"name":"Mine","scheduleId":"{{ids["schedules"]}}","targets":[]}]}""",
            "changeFirstContact" => """
                {"version":0,"greeting":{"enabled":false,"text":""},"outOfHours":{"enabled":false,"text":""},
                 "menu":{"enabled":false,"text":""}}
                """,
            "createContact" => """{"familyName":"Mine"}""",
            "changeContact" => """{"familyName":"Mine"}""",
            "createCompany" or "changeCompany" or "createDeal" or "changeDeal" => """{"name":"Mine"}""",
            "mergeContact" => $$"""{"intoId":"{{ids["contacts"]}}"}""",
            "keepContactApart" => $$"""{"contactIds":["{{ids["contacts"]}}"]}""",
            "pinView" => """{"pinned":true}""",
            "changePerson" => $$"""{"name":"Mine","role":"viewer","active":false,"teamIds":[],"channelIds":[]}""",
            "changeTeam" => """{"name":"Mine","memberIds":[],"channelIds":[]}""",
            "addTeam" => $$"""{"name":"Mine","memberIds":["{{ids["people"]}}"],"channelIds":["{{ids["channels"]}}"]}""",
            "invite" =>
                $$"""
                {"email":"next-door@example.com","role":"agent","teamIds":["{{ids["teams"]}}"],"channelIds":["{{ids[
                    "channels"
                ]}}"]}
                """,
            "saveNotificationSettings" => """{"messages":false,"unassigned":"team","events":[]}""",
            "addPushBrowser" => """{"endpoint":"http://127.0.0.1:9/","keys":{"p256dh":"AA","auth":"AA"}}""",
            "markNoticesSeen" => $$"""{"threadId":"{{ids["threads"]}}"}""",
            "setOwnAvailability" or "setAvailability" => """{"available":false}""",
            "setCapacity" => """{"capacity":3}""",
            "saveAssignment" =>
                $$"""{"version":0,"defaultCapacity":3,"rules":[{"name":"Mine","method":"manual","teamId":"{{ids["teams"]}}"}]}""",
            "addSkill" or "renameSkill" => """{"name":"Mine"}""",
            "setSkills" => $$"""{"skills":[{"id":"{{ids["skills"]}}","level":3}]}""",
            "changeAccount" or "changeQuotaSettings" => "{}",
            "changeMetaApp" => """{"appId":"an app"}""",
            "beginSignup" => """{"termsVersion":"2026-11-28"}""",
            "finishSignup" => """{"state":"a","code":"b","wabaId":"1"}""",
            "addChannel" => """{"wabaId":"1","phoneNumberId":"2","accessToken":"c","appSecret":"d"}""",
            "renameChannel" => """{"name":"Mine"}""",
            "connectChannel" or "changeBusinessProfile" => "{}",
            "createTemplate" => $$"""{"channelId":"{{ids["channels"]}}","template":{{Template}}}""",
            "checkTemplate" or "editTemplate" => Template,
            _ => null,
        };

    private const string Template = """
        {"name":"mine","language":"en_US","category":"UTILITY","parameterFormat":"NAMED","body":"Hello."}
        """;

    // Every row of account A, in every table of ours that has accounts, as one hash a table. What a request touches in passing is left out.
    private async Task<Dictionary<string, string>> SnapshotAsync(Office office)
    {
        // Deliveries and statuses of A's own message may still be under way.
        string[] moving =
        [
            "outbox",
            "outbound_queue",
            "media_jobs",
            "mails",
            "push_jobs",
            "notices",
            "message_search",
            "thread_search",
            "contacts",
            "messages",
            "threads",
            "thread_activity",
            "templates",
            "channels",
        ];
        var tables = new List<string>();
        await using (
            var command = product.Database.DataSource.CreateCommand(
                "select table_name from information_schema.columns where table_schema = 'threadkeep' and column_name = 'account_id'"
            )
        )
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }
        tables.Count.ShouldBeGreaterThan(20);
        var found = new Dictionary<string, string>();
        foreach (var table in tables.Except(moving))
            found[table] = await HashAsync(
                $"select t::text from threadkeep.{table} t where account_id = '{office.Account}'"
            );
        // Of what moves by itself: nothing is added, and what people do to it is not done.
        found["messages"] = await HashAsync(
            $"select thread_id, seq, text from threadkeep.messages where account_id = '{office.Account}'"
        );
        found["threads"] = await HashAsync(
            $"select id, unread, read_seq from threadkeep.threads where account_id = '{office.Account}'"
        );
        // Of A's own message people are still being told; that anybody has seen anything is nobody's to say but theirs.
        found["notices"] = await HashAsync(
            $"select id from threadkeep.notices where account_id = '{office.Account}' and seen_at is not null"
        );
        // The keeper may still look at who wrote: all but what it writes.
        found["contacts"] = await HashAsync(
            $"""
            select to_jsonb(t) - 'sort_key' - 'search_text' - 'profile_name' - 'phone' from threadkeep.contacts t
            where account_id = '{office.Account}'
            """
        );
        // A silo that has just started fetches them once more: all but when that was.
        found["templates"] = await HashAsync(
            $"select to_jsonb(t) - 'synced_at' from threadkeep.templates t where account_id = '{office.Account}'"
        );
        // The same silo asks what Meta lets numbers send.
        found["channels"] = await HashAsync(
            $"""
            select to_jsonb(t) - array['limits_read_at', 'business_id', 'verification', 'messaging_limit', 'throughput']
            from threadkeep.channels t where account_id = '{office.Account}'
            """
        );
        found["business_accounts"] = await HashAsync(
            $"select t::text from threadkeep.business_accounts t where id = '{office.Account}'"
        );
        return found;
    }

    private async Task<string> HashAsync(string rows) =>
        await product.Database.ScalarAsync<string>(
            $"select coalesce(md5(string_agg(r::text, '|' order by r::text)), 'none') from ({rows}) r"
        ) ?? "";
}
