using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Threadkeep.Migrations;

// dotnet Threadkeep.Postgres.dll migrate
// Configuration as usual (environment, appsettings.json, command line); it needs Database:ConnectionString (the owner's), and
// Database:Runtime:Username and :Password where silos and Api come as a role of their own, which it makes and gives its rights.

if (args is not ["migrate", .. var settings])
{
    Console.Error.WriteLine("Usage: dotnet Threadkeep.Postgres.dll migrate   (with Database__ConnectionString set)");
    return 2;
}

var configuration = Host.CreateApplicationBuilder(settings).Configuration;
if (configuration["Database:ConnectionString"] is not { Length: > 0 } connectionString)
{
    Console.Error.WriteLine("Set Database__ConnectionString to the database that is to be migrated.");
    return 1;
}

using var logging = LoggerFactory.Create(log =>
    log.AddConfiguration(configuration.GetSection("Logging"))
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        })
);
try
{
    var options = new MigratorOptions
    {
        Runtime = configuration["Database:Runtime:Username"] is { Length: > 0 } username
            ? new RuntimeRole(
                username,
                configuration["Database:Runtime:Password"] is { Length: > 0 } password ? password : null
            )
            : null,
    };
    var migrator = new Migrator(connectionString, logging.CreateLogger<Migrator>(), TimeProvider.System, options);
    var applied = await migrator.MigrateAsync(CancellationToken.None);
    foreach (var file in applied)
        Console.WriteLine($"Applied {file}");
    Console.WriteLine(applied.Count == 0 ? "The schema is up to date." : $"Applied {applied.Count} in all.");
    return 0;
}
catch (MigrationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
