using Dapper;
using Npgsql;

namespace Threadkeep.People;

/// <summary>Counts guesses and makes the next one wait, longer each time; and knows the devices that have signed in before.</summary>
public sealed class AttemptStore(NpgsqlDataSource database)
{
    /// <summary>Half a minute after the last free guess, then twice as long each time, up to this.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>After so long without a guess, counting begins anew.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(12);

    /// <summary>
    /// Counts a guess before it is looked at, so that many at once are no way around. Null: look at it. Else how long to wait; it does
    /// not count then.
    /// </summary>
    /// <param name="free">Wrong guesses before the first wait.</param>
    public async Task<TimeSpan?> BeginAsync(string key, int free, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        var (refused, until) = await connection.QuerySingleAsync<(bool, DateTimeOffset?)>(
            """
            insert into threadkeep.sign_in_attempts as a (key, failures, last_at, wait_until, refused) values (@key, 1, @now, null, false)
            on conflict (key) do update
                set refused = coalesce(a.wait_until > @now, false),
                    failures = case when a.wait_until > @now then a.failures when a.last_at < @forgotten then 1 else a.failures + 1 end,
                    last_at = case when a.wait_until > @now then a.last_at else @now end,
                    wait_until = case
                        when a.wait_until > @now then a.wait_until
                        when a.last_at < @forgotten or a.failures + 1 < @free then null
                        else @now + least(interval '30 seconds' * power(2, least(a.failures + 1 - @free, 20)), @longest) end
            returning refused, wait_until
            """,
            new
            {
                key,
                now,
                free,
                forgotten = now - Forgotten,
                longest = LongestWait,
            }
        );
        return refused ? until - now : null;
    }

    /// <summary>The guess that was just counted was none.</summary>
    public async Task UndoAsync(string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            "update threadkeep.sign_in_attempts set failures = greatest(failures - 1, 0), wait_until = null where key = @key",
            new { key }
        );
    }

    public async Task ClearAsync(string key)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from threadkeep.sign_in_attempts where key = @key", new { key });
    }

    /// <summary>Until when the next guess has to wait; null: it need not.</summary>
    public async Task<DateTimeOffset?> WaitAsync(string key, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<DateTimeOffset?>(
            "select wait_until from threadkeep.sign_in_attempts where key = @key and wait_until > @now",
            new { key, now }
        );
    }

    /// <summary>Whether somebody has signed in from this device before.</summary>
    public async Task<bool> IsKnownAsync(byte[] device, AgentRecord agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<bool>(
            """
            select exists (select from threadkeep.known_devices
                where token_hash = @device and account_id = @AccountId and agent_id = @Id)
            """,
            new
            {
                device,
                agent.AccountId,
                agent.Id,
            }
        );
    }

    public async Task RememberAsync(byte[] device, AgentRecord agent, DateTimeOffset now)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            insert into threadkeep.known_devices (token_hash, account_id, agent_id, used_at) values (@device, @AccountId, @Id, @now)
            on conflict (token_hash, account_id, agent_id) do update set used_at = excluded.used_at
            """,
            new
            {
                device,
                agent.AccountId,
                agent.Id,
                now,
            }
        );
    }

    /// <summary>Forgets guesses and devices that nobody has used for long, and links that have expired.</summary>
    public async Task RemoveOldAsync(DateTimeOffset now, TimeSpan devicesKept)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(
            """
            delete from threadkeep.sign_in_attempts where last_at < @forgotten and (wait_until is null or wait_until < @now);
            delete from threadkeep.known_devices where used_at < @devices;
            delete from threadkeep.password_links where expires_at < @now;
            delete from threadkeep.sign_in_sessions where expires_at < @now;
            """,
            new
            {
                now,
                forgotten = now - Forgotten,
                devices = now - devicesKept,
            }
        );
    }
}
