using System.ComponentModel.DataAnnotations;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Threadkeep.Storage;
using Threadkeep.Testing;

namespace Threadkeep.Postgres.Tests.Storage;

/// <summary>PostgreSQL's connections are shared out so that all who may come fit at once.</summary>
public sealed class ConnectionPlanTests
{
    private const int Writers = 4;

    [Fact]
    public void Whatever_is_shared_out_fits_and_nobody_goes_without() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 20], Gen.Int[0, 50], Gen.Int[50, 5_000])
            .Sample(
                (silos, apis, reserve, allowed) =>
                {
                    var options = new ConnectionOptions
                    {
                        Silos = silos,
                        ApiHosts = apis,
                        Reserve = reserve,
                    };
                    ConnectionPlan plan;
                    try
                    {
                        plan = ConnectionPlan.Of(options, Writers, allowed);
                    }
                    catch (ConnectionsException)
                    {
                        return;
                    }
                    var all =
                        silos * (Writers + plan.SiloOrleans + plan.SiloQueries)
                        + apis * (plan.Api + ConnectionPlan.ApiOrleans)
                        + reserve;
                    all.ShouldBeLessThanOrEqualTo(allowed);
                    plan.SiloOrleans.ShouldBeGreaterThanOrEqualTo(6);
                    plan.SiloQueries.ShouldBeGreaterThanOrEqualTo(8);
                }
            );

    [Theory]
    [InlineData(97, 2)] // PostgreSQL as it is installed
    [InlineData(397, 16)] // ./run
    [InlineData(297, 3)] // docker compose
    public void The_usual_deployments_fit(int allowed, int silos) =>
        ConnectionPlan.Of(new ConnectionOptions { Silos = silos }, Writers, allowed).SiloQueries.ShouldBeGreaterThan(8);

    [Fact]
    public void What_cannot_fit_is_refused_with_the_sum_that_it_needs()
    {
        var refusal = Should.Throw<ConnectionsException>(() =>
            ConnectionPlan.Of(new ConnectionOptions { Silos = 16 }, Writers, 97)
        );

        refusal.Message.ShouldContain("allows 97");
        refusal.Message.ShouldContain("need 332"); // 16 x 18 + 34 + 10
        refusal.Message.ShouldContain("max_connections");
        ConnectionPlan.Of(new ConnectionOptions { Silos = 16 }, Writers, 332).SiloQueries.ShouldBe(8);
    }

    [Fact]
    public async Task The_server_is_asked_and_a_figure_out_of_range_is_named()
    {
        await using var database = await TestDatabase.CreateAsync();

        var plan = await ConnectionPlan.ReadAsync(database.RuntimeConnectionString, Settings("2"));
        plan.SiloOrleans.ShouldBeGreaterThan(6);

        var refusal = await Should.ThrowAsync<ValidationException>(() =>
            ConnectionPlan.ReadAsync(database.RuntimeConnectionString, Settings("0"))
        );
        refusal.Message.ShouldContain("Silos");

        static IConfiguration Settings(string silos) =>
            new ConfigurationBuilder().AddInMemoryCollection([new("Connections:Silos", silos)]).Build();
    }
}
