using System.Net;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Threadkeep.Hosting;
using Threadkeep.Migrations;
using Threadkeep.Operations;
using Threadkeep.Storage;

// Settings are looked for, and watched, beside the program: the folder it was started in may hold a database that changes all day.
var builder = WebApplication.CreateBuilder(
    new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
);
var silo = builder.Configuration.GetSection("Silo").Get<SiloEndpoints>() ?? new SiloEndpoints();
var database = builder.Configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
var cluster = builder.Configuration.GetSection("Cluster").Get<ClusterNames>() ?? new ClusterNames();
var limits = builder.Configuration.GetSection("Limits").Get<SiloLimits>() ?? new SiloLimits();
var membership = builder.Configuration.GetSection("Membership").Get<MembershipSettings>() ?? new MembershipSettings();
builder.Services.AddValidated<SiloEndpoints>(builder.Configuration, "Silo");
builder.Services.AddValidated<DatabaseOptions>(builder.Configuration, "Database");
builder.Services.AddValidated<SiloLimits>(builder.Configuration, "Limits");
builder.Services.AddValidated<MembershipSettings>(builder.Configuration, "Membership");
var plan = await ConnectionPlan.ReadAsync(database.ConnectionString, builder.Configuration);
var orleansConnectionString = ConnectionPlan.Pooled(database.OrleansConnectionString, plan.SiloOrleans);

builder.Logging.AddQuietLibraries();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddThreadkeepGrains(
    builder.Configuration,
    ConnectionPlan.Pooled(database.ConnectionString, plan.SiloQueries)
);
builder.AddThreadkeepTelemetry("silo");
builder.AddThreadkeepHealth().AddCheck<ClusterHealth>("cluster").AddLiveCheck<WriterHealth>("writer");
builder.AddHostReports("silo", p => p.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString());

builder.UseOrleans(orleans =>
{
    orleans.UseAdoNetClustering(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = orleansConnectionString;
    });
    orleans.UseAdoNetReminderService(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = orleansConnectionString;
    });
    orleans.AddAdoNetGrainStorageAsDefault(o =>
    {
        o.Invariant = DatabaseOptions.Invariant;
        o.ConnectionString = orleansConnectionString;
    });
    orleans.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
    orleans.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(15));
    orleans.UseMembership(membership);
    orleans.Configure<SiloMessagingOptions>(limits.Apply);
    orleans.Configure<LoadSheddingOptions>(limits.Apply);
    // The dashboard's pages are the Api's; here only what they ask for.
    orleans.AddDashboard(o => o.HideTrace = true);
    if (Telemetry.IsTraced(builder.Configuration))
        orleans.AddActivityPropagation();
    if (silo.AdvertisedAddress.Length > 0)
        orleans.ConfigureEndpoints(IPAddress.Parse(silo.AdvertisedAddress), silo.SiloPort, silo.GatewayPort);
    else
        orleans.ConfigureEndpoints(silo.SiloPort, silo.GatewayPort, listenOnAnyHostAddress: true);
});

var app = builder.Build();
await SchemaVersion.RequireAsync(app.Services.GetRequiredService<NpgsqlDataSource>());
app.MapThreadkeepHealth();
app.MapPrometheusScrapingEndpoint("/metrics");
await app.RunAsync();
