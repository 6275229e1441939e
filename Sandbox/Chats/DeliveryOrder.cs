namespace Threadkeep.Sandbox.Chats;

/// <summary>Statuses only move forward; failed ends a message that was not delivered.</summary>
public static class DeliveryOrder
{
    public static string Later(string now, string next) => Rank(next) > Rank(now) ? next : now;

    public static int Rank(string status) =>
        status switch
        {
            "accepted" => 0,
            "sent" => 1,
            "failed" => 2,
            "delivered" => 3,
            "read" => 4,
            "played" => 5,
            _ => -1,
        };
}
