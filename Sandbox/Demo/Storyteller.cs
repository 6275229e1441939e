using System.Net;
using System.Text.Json.Nodes;
using Threadkeep.Sandbox.Graph;

namespace Threadkeep.Sandbox.Demo;

/// <summary>
/// Plays the story. Each step is done only if the product does not have it yet, and counts as done when the product
/// shows it; so a demo that was interrupted, or is started twice, ends the same.
/// </summary>
public sealed class Storyteller(DemoClient client, string phoneNumberId, TimeProvider time, TextWriter output)
{
    private readonly DateTimeOffset start = time.GetUtcNow();
    private string channelId = "";

    public async Task TellAsync(IReadOnlyList<Person> people)
    {
        ArgumentNullException.ThrowIfNull(people);
        channelId = await ChannelAsync();
        for (var i = 0; i < people.Count; i++)
        {
            var notes = await TellAsync(people[i]);
            await output.WriteLineAsync($"[{i + 1}/{people.Count}] {people[i].Name}{notes}");
        }
    }

    private async Task<string> TellAsync(Person person)
    {
        var notes = "";
        for (var step = 0; step < person.Steps.Length; step++)
        {
            switch (person.Steps[step])
            {
                case Writes writes:
                    await WriteAsync(person, step, writes);
                    break;
                case Answers answers when !await AnswerAsync(person, step, answers):
                    notes = " (an answer was left out: the session has closed since)";
                    break;
                case IsRead:
                    await MarkReadAsync(person);
                    break;
            }
        }
        return notes;
    }

    private async Task WriteAsync(Person person, int step, Writes writes)
    {
        var wamid = person.WamidOf(phoneNumberId, step);
        if (await FindThreadAsync(person) is { } known && await HasAsync(known, wamid))
            return;
        var message = new JsonObject
        {
            ["phoneNumberId"] = phoneNumberId,
            ["name"] = person.Name,
            ["wamid"] = wamid,
            ["type"] = writes.Picture is null ? "text" : "image",
            ["text"] = writes.Text,
        };
        if (writes.Ago > TimeSpan.Zero)
            message["at"] = (start - writes.Ago).ToUnixTimeSeconds();
        if (writes.Picture is not null)
            message["media"] = new JsonObject { ["sample"] = writes.Picture };
        await client.WriteAsync(person.WaId, message);
        await client.UntilAsync(
            async () => await FindThreadAsync(person) is { } thread && await HasAsync(thread, wamid),
            visible => visible,
            () => $"{person.Name}'s message did not appear in the product; are its webhooks reachable for the Sandbox?"
        );
    }

    /// <summary>False where the session is closed by now.</summary>
    private async Task<bool> AnswerAsync(Person person, int step, Answers answers)
    {
        var thread = await ThreadAsync(person);
        var earlier = await MessagesAsync(thread);
        if (earlier.Any(m => m.Text("direction") == "outbound" && m.Text("text") == answers.Text))
            return true;
        var body = new JsonObject
        {
            ["type"] = "text",
            ["text"] = new JsonObject { ["body"] = answers.Text },
        };
        var answer = await client.AskAsync(
            HttpMethod.Post,
            $"threads/{thread}/messages",
            body,
            person.KeyOf(phoneNumberId, step)
        );
        if (answer.Code == "session_closed")
            return false;
        if (answer.Status != HttpStatusCode.Accepted || answer.Body.Text("id") is not { } id)
            throw new DemoException(
                $"The product refused an answer to {person.Name} with {(int)answer.Status} {answer.Code}."
            );
        var message = await client.UntilAsync(
            async () => (await client.AskAsync(HttpMethod.Get, $"threads/{thread}/messages/{id}")).Body,
            m => m.Text("status") is "sent" or "delivered" or "read" or "failed",
            () => $"An answer to {person.Name} did not leave the product."
        );
        if (message.Text("status") == "failed")
            throw new DemoException($"An answer to {person.Name} failed: {message.Child("error").Text("code")}.");
        return true;
    }

    private async Task MarkReadAsync(Person person)
    {
        var thread = await ThreadAsync(person);
        var messages = await MessagesAsync(thread);
        var last = messages.FirstOrDefault(m => m.Text("direction") != "system").Text("id");
        var answer = await client.AskAsync(
            HttpMethod.Post,
            $"threads/{thread}/read",
            new JsonObject { ["upTo"] = last }
        );
        if (answer.Status != HttpStatusCode.OK)
            throw new DemoException(
                $"The product did not mark {person.Name}'s thread as read: {(int)answer.Status} {answer.Code}."
            );
    }

    private async Task<string> ThreadAsync(Person person) =>
        await FindThreadAsync(person)
        ?? throw new DemoException($"The product does not show the thread of {person.Name} any more.");

    private async Task<string?> FindThreadAsync(Person person)
    {
        var answer = await client.AskAsync(HttpMethod.Get, $"threads?q={person.WaId}&channelId={channelId}&limit=200");
        if (answer.Status != HttpStatusCode.OK)
            throw new DemoException(
                $"The product refused the list of threads with {(int)answer.Status} {answer.Code}."
            );
        return answer
            .Body.Array("items")
            .Objects()
            .FirstOrDefault(t => t.Child("customer").Text("waId") == person.WaId)
            .Text("id");
    }

    private async Task<string> ChannelAsync()
    {
        var answer = await client.AskAsync(HttpMethod.Get, "channels");
        return answer
                .Body.Array("items")
                .Objects()
                .FirstOrDefault(c => c.Text("phoneNumberId") == phoneNumberId)
                .Text("id")
            ?? throw new DemoException($"The product has no channel with the phone number id {phoneNumberId}.");
    }

    private async Task<bool> HasAsync(string thread, string wamid) =>
        (await MessagesAsync(thread)).Any(m => m.Text("wamid") == wamid);

    /// <summary>The thread's latest messages, newest first.</summary>
    private async Task<JsonObject[]> MessagesAsync(string thread)
    {
        var answer = await client.AskAsync(HttpMethod.Get, $"threads/{thread}/messages?order=desc&limit=200");
        if (answer.Status != HttpStatusCode.OK)
            throw new DemoException(
                $"The product refused a thread's messages with {(int)answer.Status} {answer.Code}."
            );
        return [.. answer.Body.Array("items").Objects()];
    }
}
