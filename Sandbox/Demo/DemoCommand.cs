namespace Threadkeep.Sandbox.Demo;

/// <summary><c>Threadkeep.Sandbox demo --connection FILE</c>: fills a running product with the story's chats.</summary>
public static class DemoCommand
{
    public const string Name = "demo";

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            var connection = Connection.Read(PathIn(args));
            using var client = new DemoClient(connection, TimeProvider.System);
            var teller = new Storyteller(client, connection.PhoneNumberId, TimeProvider.System, output);
            await teller.TellAsync(Story.People);
            await output.WriteLineAsync($"Demo ready: {Story.People.Length} customers.");
            return 0;
        }
        catch (DemoException failure)
        {
            await errors.WriteLineAsync("Demo failed: " + failure.Message);
            return 1;
        }
    }

    private static string PathIn(string[] args)
    {
        var at = Array.IndexOf(args, "--connection");
        return at >= 0 && at + 1 < args.Length
            ? args[at + 1]
            : throw new DemoException("Usage: demo --connection <path to connection.json>.");
    }
}
