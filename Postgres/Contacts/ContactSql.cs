namespace Threadkeep.Contacts;

/// <summary>How statements come from a thread or a ticket to the contact that it is of: its own, or the one that this one was found to be (ADR 047).</summary>
internal static class ContactSql
{
    /// <summary>Joins the contact of the thread <c>t</c> as <c>c</c>.</summary>
    public const string OfThread = """
        left join threadkeep.contacts own on own.account_id = t.account_id and own.id = t.contact_id
        left join threadkeep.contacts c on c.account_id = own.account_id and c.id = coalesce(own.same_as, own.id)
        """;

    /// <summary>Joins the contact of the ticket <c>k</c> as <c>c</c>.</summary>
    public const string OfTicket = """
        left join threadkeep.contacts own on own.account_id = k.account_id and own.id = k.contact_id
        left join threadkeep.contacts c on c.account_id = own.account_id and c.id = coalesce(own.same_as, own.id)
        """;

    /// <summary>What of <c>c</c> threads are found by: its name and how it is read.</summary>
    public const string Names = "nullif(concat_ws(' ', c.name, c.family_reading, c.given_reading), '')";

    /// <summary>The contact <c>@contact</c> and all that were found to be it.</summary>
    public const string Everyone = """
        everyone as materialized (
            select @contact::uuid as id
            union all
            select x.id from threadkeep.contacts x where x.account_id = @account and x.same_as = @contact
        )
        """;
}
