using System.Net;
using Npgsql;
using Orleans.Configuration;
using Threadkeep.Hosting;
using Threadkeep.Migrations;
using Threadkeep.Storage;

// Settings are looked for, and watched, beside the program: the folder it was started in may hold a database that changes all day.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
var silo = builder.Configuration.GetSection("Silo").Get<SiloEndpoints>() ?? new SiloEndpoints();
var database = builder.Configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
var cluster = builder.Configuration.GetSection("Cluster").Get<ClusterNames>() ?? new ClusterNames();
builder.Services.AddValidated<SiloEndpoints>(builder.Configuration, "Silo");
builder.Services.AddValidated<DatabaseOptions>(builder.Configuration, "Database");

builder.Logging.AddQuietLibraries();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddThreadkeepGrains(builder.Configuration, database.ConnectionString);
builder.Services.AddThreadkeepMetrics();
builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));

builder.UseOrleans(orleans =>
{
    orleans.UseAdoNetClustering(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = database.OrleansConnectionString;
    });
    orleans.UseAdoNetReminderService(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = database.OrleansConnectionString;
    });
    orleans.AddAdoNetGrainStorageAsDefault(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = database.OrleansConnectionString;
    });
    orleans.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
    orleans.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(15));
    orleans.Configure<LoadSheddingOptions>(o => o.LoadSheddingEnabled = true);
    if (silo.AdvertisedAddress.Length > 0)
        orleans.ConfigureEndpoints(IPAddress.Parse(silo.AdvertisedAddress), silo.SiloPort, silo.GatewayPort);
    else
        orleans.ConfigureEndpoints(silo.SiloPort, silo.GatewayPort, listenOnAnyHostAddress: true);
});

var app = builder.Build();
await SchemaVersion.RequireAsync(app.Services.GetRequiredService<NpgsqlDataSource>());
app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
app.MapHealthChecks("/health/ready");
app.MapPrometheusScrapingEndpoint("/metrics");
await app.RunAsync();
