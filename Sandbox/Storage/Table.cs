namespace Threadkeep.Sandbox.Storage;

/// <summary>Rows of one kind by id, in memory and in the journal. Rows are immutable; a change puts a new one.</summary>
public sealed class Table<T>
    where T : class
{
    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, T> rows = [];
    private readonly string name;
    private readonly Func<T, string> idOf;
    private readonly Journal journal;

    public Table(string name, Func<T, string> idOf, Journal journal)
    {
        ArgumentNullException.ThrowIfNull(idOf);
        ArgumentNullException.ThrowIfNull(journal);
        this.name = name;
        this.idOf = idOf;
        this.journal = journal;
        foreach (var row in journal.Restored<T>(name))
            rows[idOf(row)] = row;
    }

    /// <summary>All rows, in the order they were first put.</summary>
    public T[] All()
    {
        lock (gate)
            return [.. rows.Values];
    }

    public int Count
    {
        get
        {
            lock (gate)
                return rows.Count;
        }
    }

    public T? Find(string? id)
    {
        lock (gate)
            return id is not null && rows.TryGetValue(id, out var row) ? row : null;
    }

    public T Put(T row)
    {
        lock (gate)
        {
            rows[idOf(row)] = row;
            journal.Put(name, idOf(row), row);
        }
        return row;
    }

    /// <summary>Puts the row unless its id is taken; says whether it did.</summary>
    public bool TryAdd(T row)
    {
        lock (gate)
        {
            if (!rows.TryAdd(idOf(row), row))
                return false;
            journal.Put(name, idOf(row), row);
            return true;
        }
    }

    /// <summary>Replaces a row by what <paramref name="change"/> makes of it; null if there is none.</summary>
    public T? Change(string id, Func<T, T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (gate)
        {
            if (!rows.TryGetValue(id, out var row))
                return null;
            var next = change(row);
            if (ReferenceEquals(next, row))
                return row;
            rows[id] = next;
            journal.Put(name, id, next);
            return next;
        }
    }

    public bool Remove(string id)
    {
        lock (gate)
        {
            // Removal moves what follows: rare here, and the order is worth it.
            if (!rows.Remove(id))
                return false;
            journal.Remove(name, id);
            return true;
        }
    }
}
