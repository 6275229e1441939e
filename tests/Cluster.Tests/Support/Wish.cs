using System.Globalization;

namespace Threadkeep.Cluster.Tests.Support;

/// <summary>How long a test goes on where that can be chosen: little in <c>./test</c>, more by the environment.</summary>
public static class Wish
{
    /// <summary>The environment variable as a number, else the usual one.</summary>
    public static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var wished)
            ? wished
            : usual;
}
