using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>
/// What happens to the product, as the seed says: silos and the Api are killed and started again, silos are frozen and thawed, PostgreSQL
/// stops and starts, connections are cut.
/// </summary>
internal sealed class Weather(Deployment deployment, int seed, int silos)
{
    private readonly System.Random random = new(seed);

    /// <summary>Processes killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Connections of writers cut so far.</summary>
    public long Cuts { get; private set; }

    /// <summary>Silos frozen so far, for a moment or past their death.</summary>
    public int Freezes { get; private set; }

    /// <summary>How often PostgreSQL was stopped and started.</summary>
    public int Outages { get; private set; }

    /// <summary>Silos that ended by themselves, because the others held them for dead, and were started again.</summary>
    public int Revived { get; private set; }

    /// <summary>
    /// Goes on until so many more processes were killed; then everything runs again. Among the kills a silo is frozen past its death once
    /// at least, and PostgreSQL is away once at least.
    /// </summary>
    public async Task RageAsync(int kills)
    {
        var end = Kills + kills;
        var (freezeAt, outageAt) = (Kills + random.Next(kills), Kills + random.Next(kills));
        while (Kills < end)
        {
            await Task.Delay(random.Next(1_000)); // so that it may come into anything
            if (Kills >= freezeAt || random.Next(15) == 0)
            {
                await FreezeAsync(pastDeath: Kills >= freezeAt);
                freezeAt = Kills >= freezeAt ? end : freezeAt;
            }
            if (Kills >= outageAt || random.Next(15) == 0)
            {
                await StopPostgresAsync();
                outageAt = Kills >= outageAt ? end : outageAt;
            }
            await KillSomethingAsync();
            // Some come while the one before is still being got over.
            if (random.Next(4) > 0)
                await CalmAsync();
        }
        // All processes killed at once may have been the last of few kills.
        if (freezeAt < end)
            await FreezeAsync(pastDeath: true);
        if (outageAt < end)
            await StopPostgresAsync();
        await CalmAsync();
    }

    private async Task KillSomethingAsync()
    {
        switch (random.Next(20))
        {
            case < 14:
                Kill(random.Next(silos));
                break;
            case < 16:
                KillApi();
                break;
            case < 19:
                Cuts += await deployment.CutWritersAsync();
                break;
            default:
                for (var n = 0; n < silos; n++)
                    Kill(n);
                KillApi();
                break;
        }
    }

    // For a moment, as a busy machine does, or until the others have given it up: then it finds itself dead when it goes on, and ends.
    private async Task FreezeAsync(bool pastDeath)
    {
        await CalmAsync(); // who joins just now cannot give anybody up
        Freezes++;
        var n = random.Next(silos);
        var frozen = deployment.Silo(n);
        await frozen.SignalAsync("STOP");
        try
        {
            if (pastDeath)
                await deployment.IsDeclaredDeadAsync(n);
            else
                await Task.Delay(random.Next(1_500));
        }
        finally
        {
            await frozen.SignalAsync("CONT");
        }
        if (pastDeath)
            await frozen.EndsAsync();
        await CalmAsync();
    }

    private async Task StopPostgresAsync()
    {
        await CalmAsync(); // no silo starts without it
        Outages++;
        await deployment.StopPostgresAsync();
        await Task.Delay(random.Next(1_000));
        await deployment.StartPostgresAsync();
        await CalmAsync();
    }

    /// <summary>
    /// Waits until all is ready, and starts whatever has ended or ends meanwhile: after an outage a silo may learn late that the others
    /// held it for dead.
    /// </summary>
    public Task CalmAsync() => deployment.IsReadyAsync(meanwhile: Revive);

    private void Revive()
    {
        for (var n = 0; n < silos; n++)
        {
            if (!deployment.Silo(n).HasEnded)
                continue;
            Revived++;
            deployment.StartSilo(n);
        }
    }

    // It comes back at once, on its own address: whoever was there before is held for dead then.
    private void Kill(int n)
    {
        deployment.KillSilo(n);
        deployment.StartSilo(n);
        Kills++;
    }

    private void KillApi()
    {
        deployment.KillApi();
        deployment.StartApi();
        Kills++;
    }
}
