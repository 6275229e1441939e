using System.Text.Json.Nodes;
using Threadkeep.Threads;
using Threadkeep.Tickets;

namespace Threadkeep.Messages;

/// <summary>The agent's name as the first line of a text, where the account wants it. Pure.</summary>
internal static class AgentName
{
    /// <summary>Characters of a text (Cloud API, "Limits").</summary>
    private const int MostText = 4_096;

    // What WhatsApp formats by: a name is shown as it is.
    private static readonly char[] Marks = ['*', '_', '~', '`'];

    /// <summary>
    /// The message with its first line. As it is where it is no text of an agent, repeats one that has the line already, or would become too
    /// long for WhatsApp.
    /// </summary>
    public static AcceptMessage First(AcceptMessage message, TicketRules rules)
    {
        if (
            !rules.AgentNameFirst
            || message
                is not {
                    Type: "text",
                    Agent: not null,
                    RepeatsSeq: null,
                    Bulk: false,
                    Text: { } text,
                    AgentName: { } told
                }
        )
            return message;
        var name = string.Concat(told.Split(Marks)).Trim();
        var signed = $"*{name}*\n{text}";
        if (name.Length == 0 || signed.Length > MostText || JsonNode.Parse(message.Body) is not JsonObject body)
            return message;
        if (body["text"] is not JsonObject content)
            return message;
        content["body"] = signed;
        return message with { Text = signed, Body = body.ToJsonString() };
    }
}
