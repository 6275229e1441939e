using System.Collections.Concurrent;
using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.FirstContact;
using Threadkeep.Hours;
using Threadkeep.Quarantine;
using Threadkeep.Sla;

namespace Threadkeep.Tickets;

/// <summary>What an account has said of how its tickets go. Decided by with every message, so grains keep it for some seconds.</summary>
public sealed record TicketRules
{
    public static readonly TicketRules None = new();

    public SlaRules Sla { get; init; } = SlaRules.None;

    /// <summary>A message on a ticket that was closed within so many days opens it again; 0: it makes a new one.</summary>
    public int ReopenDays { get; init; }

    /// <summary>Texts of agents begin with a line that names them.</summary>
    public bool AgentNameFirst { get; init; }

    /// <summary>Of a message that was taken back only that is left.</summary>
    public bool PurgeDeleted { get; init; }

    /// <summary>What people send waits so long before it leaves.</summary>
    public TimeSpan SendDelay { get; init; }

    /// <summary>What is hidden of what customers write.</summary>
    public ContentRules Content { get; init; } = ContentRules.Default;

    /// <summary>What channels say by themselves, where somebody has set it.</summary>
    public IReadOnlyDictionary<Guid, FirstContactRules> FirstContacts { get; init; } =
        new Dictionary<Guid, FirstContactRules>();
}

/// <summary>Reads an account's rules as a whole.</summary>
public sealed class TicketRulesStore(NpgsqlDataSource database)
{
    private readonly ConcurrentDictionary<AccountId, (int Version, ContentRules Rules)> compiled = new();

    public async Task<TicketRules> LoadAsync(AccountId account)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var results = await connection.QueryMultipleAsync(
            """
            select reopen_days, agent_name_first, send_delay, purge_deleted from threadkeep.business_accounts where id = @account;
            select policies from threadkeep.sla_settings where account_id = @account;
            select * from threadkeep.schedules where account_id = @account;
            select channel_id, settings from threadkeep.first_contacts where account_id = @account;
            select id from threadkeep.teams where account_id = @account;
            select settings, version from threadkeep.content_rules where account_id = @account;
            """,
            new { account = account.Value }
        );
        var (reopenDays, agentNameFirst, sendDelay, purgeDeleted) = await results.ReadSingleOrDefaultAsync<(
            short,
            bool,
            short,
            bool
        )>();
        var policies = SlaStore.Read(await results.ReadSingleOrDefaultAsync<string>());
        var schedules = (await results.ReadAsync<ScheduleStore.ScheduleRecord>())
            .Select(r => r.ToSchedule())
            .ToDictionary(s => s.Id, s => s.Calendar());
        var contacts = await results.ReadAsync<(Guid Channel, string Settings)>();
        var teams = (await results.ReadAsync<Guid>()).ToHashSet();
        var content = await results.ReadSingleOrDefaultAsync<(string? Settings, int Version)>();
        return new TicketRules
        {
            Content = ContentOf(account, content.Settings, content.Version),
            ReopenDays = reopenDays,
            AgentNameFirst = agentNameFirst,
            PurgeDeleted = purgeDeleted,
            SendDelay = TimeSpan.FromSeconds(sendDelay),
            FirstContacts = contacts
                .Select(c => (c.Channel, Settings: FirstContactStore.Read(c.Settings).WithTeams(teams)))
                .ToDictionary(
                    c => c.Channel,
                    c => new FirstContactRules(c.Settings, CalendarOf(c.Settings.OutOfHours.Schedule))
                ),
            Sla = new SlaRules([.. policies.Select(p => (p, CalendarOf(p.Schedule)))]),
        };

        // Made ready once for each version, not with every reading.
        ContentRules ContentOf(AccountId of, string? settings, int version)
        {
            if (settings is null)
                return ContentRules.Default;
            if (compiled.TryGetValue(of, out var known) && known.Version == version)
                return known.Rules;
            var rules = new ContentRules(ContentSettings.Read(settings));
            compiled[of] = (version, rules);
            return rules;
        }

        BusinessCalendar CalendarOf(Guid? schedule) =>
            schedule is { } id && schedules.TryGetValue(id, out var calendar) ? calendar : BusinessCalendar.Always;
    }
}
