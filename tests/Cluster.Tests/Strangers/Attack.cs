namespace Threadkeep.Cluster.Tests.Strangers;

/// <summary>One thing that a stranger says, and what may be answered.</summary>
/// <param name="Kind">For the tally.</param>
/// <param name="Bytes">The whole request, as it goes over the wire.</param>
/// <param name="Allowed">Statuses; 0 is a closed connection. Empty: anything below 500.</param>
/// <param name="HangsUp">It is never finished: the stranger closes the connection in the middle.</param>
public sealed record Attack(string Kind, byte[] Bytes, int[] Allowed, bool HangsUp = false)
{
    public bool Allows(int status) => Allowed.Length == 0 ? status is > 0 and < 500 : Allowed.Contains(status);
}
