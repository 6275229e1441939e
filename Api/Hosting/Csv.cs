using System.Text;

namespace Threadkeep.Hosting;

/// <summary>CSV as spreadsheets read and write it (RFC 4180, and what they make of it).</summary>
public static class Csv
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>The cells of each row, trimmed. What separates them is what the first line has most of: comma, semicolon or tab.</summary>
    public static IReadOnlyList<string[]> Read(string text)
    {
        var separator = SeparatorOf(text);
        var rows = new List<string[]>();
        var row = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var n = 0; n < text.Length; n++)
        {
            var c = text[n];
            if (quoted && c == '"' && n + 1 < text.Length && text[n + 1] == '"')
                cell.Append(text[++n]);
            else if (c == '"' && (quoted || cell.ToString().Trim().Length == 0))
                quoted = !quoted;
            else if (quoted)
                cell.Append(c);
            else if (c == separator)
                EndCell();
            else if (c == '\n')
                EndRow();
            else if (c != '\r')
                cell.Append(c);
        }
        if (cell.Length > 0 || row.Count > 0)
            EndRow();
        return rows;

        void EndCell()
        {
            row.Add(cell.ToString().Trim());
            cell.Clear();
        }

        void EndRow()
        {
            EndCell();
            rows.Add([.. row]);
            row.Clear();
        }
    }

    /// <summary>Rows with commas and a byte order mark, without which Excel takes UTF-8 for something else.</summary>
    public static byte[] Write(IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder("\uFEFF");
        foreach (var row in rows)
            text.AppendJoin(',', row.Select(Quoted)).Append("\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static char SeparatorOf(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var header = end < 0 ? text : text[..end];
        return Separators.MaxBy(mark => header.Count(c => c == mark));
    }

    // What begins like a formula would be run by the spreadsheet that opens it.
    private static string Quoted(string cell)
    {
        var safe = cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + cell : cell;
        return safe.IndexOfAny([',', '"', '\n', '\r', '\'']) < 0
            ? safe
            : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
