using Threadkeep.Cluster.Tests.Support;

namespace Threadkeep.Cluster.Tests.Fire.Random;

/// <summary>What happens to the product, as the seed says: silos and the Api are killed and started again, connections are cut.</summary>
internal sealed class Weather(Deployment deployment, int seed, int silos)
{
    private readonly System.Random random = new(seed);

    /// <summary>Processes killed so far.</summary>
    public int Kills { get; private set; }

    /// <summary>Connections of writers cut so far.</summary>
    public long Cuts { get; private set; }

    /// <summary>Silos that ended by themselves, because the others held them for dead, and were started again.</summary>
    public int Revived { get; private set; }

    /// <summary>Goes on until so many more processes were killed; then everything runs again.</summary>
    public async Task RageAsync(int kills)
    {
        for (var end = Kills + kills; Kills < end; )
        {
            await Task.Delay(random.Next(1_000)); // so that a kill may come into anything
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
                    continue;
                default:
                    for (var n = 0; n < silos; n++)
                        Kill(n);
                    KillApi();
                    break;
            }
            // Some come while the one before is still being got over.
            if (random.Next(4) > 0)
                await CalmAsync();
        }
        await CalmAsync();
    }

    /// <summary>Starts whatever has ended, and waits until all is ready.</summary>
    public async Task CalmAsync()
    {
        for (var n = 0; n < silos; n++)
        {
            if (!deployment.Silo(n).HasEnded)
                continue;
            Revived++;
            deployment.StartSilo(n);
        }
        await deployment.IsReadyAsync();
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
