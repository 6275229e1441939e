using Dapper;
using Npgsql;
using Threadkeep.Accounts;
using Threadkeep.Contacts;

namespace Threadkeep.Templates;

/// <summary>What templates may say of the one who gets them.</summary>
public sealed class PersonalValues(NpgsqlDataSource database)
{
    /// <summary>The contact's language, beside what can be named: it says which of a template's languages to begin with.</summary>
    public const string Language = "language";

    /// <summary>By the names that values may use (WhatsApp/Templates/Placeholders.cs); what is not known is null. Of companies and deals: the one added first, the one added last.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> OfAsync(Scope scope, ThreadId thread, AgentId? agent)
    {
        await using var connection = await database.OpenConnectionAsync();
        var row = await connection.QuerySingleOrDefaultAsync(
            $"""
            select coalesce(c.name, t.profile_name) as "contact.name", c.given_name as "contact.given_name",
                c.family_name as "contact.family_name", c.honorific as "contact.honorific", c.email as "contact.email",
                coalesce(c.mobile_phone, c.phone, '+' || t.wa_id) as "contact.phone", company.name as "company.name",
                deal.name as "deal.name", deal.amount as "deal.amount", deal.close_date as "deal.close_date",
                t.ticket_number::text as "ticket.number", k.subject as "ticket.subject", a.name as "agent.name", c.language as "{Language}"
            from threadkeep.threads t
            left join threadkeep.tickets k on k.account_id = t.account_id and k.id = t.ticket_id
            left join threadkeep.agents a on a.account_id = t.account_id and a.id = @agent
            {ContactSql.OfThread}
            left join lateral (
                select o.name from threadkeep.contact_companies l
                join threadkeep.companies o on o.account_id = l.account_id and o.id = l.company_id
                where l.account_id = c.account_id and l.contact_id = c.id order by l.at, l.company_id limit 1
            ) company on true
            left join lateral (
                select d.name, to_char(d.close_date, 'YYYY-MM-DD') as close_date,
                    trim_scale(d.amount)::text || coalesce(' ' || d.currency, '') as amount
                from threadkeep.contact_deals l
                join threadkeep.deals d on d.account_id = l.account_id and d.id = l.deal_id
                where l.account_id = c.account_id and l.contact_id = c.id order by l.at desc, l.deal_id limit 1
            ) deal on true
            where t.account_id = @account and t.id = @thread and (@channels::uuid[] is null or t.channel_id = any(@channels))
            """,
            new
            {
                account = scope.Account.Value,
                thread = thread.Value,
                agent = agent?.Value,
                channels = scope.Channels,
            }
        );
        return row is null
            ? new Dictionary<string, string?>()
            : ((IDictionary<string, object?>)row).ToDictionary(v => v.Key, v => v.Value as string);
    }
}
