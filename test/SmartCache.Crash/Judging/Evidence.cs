using System.Data.Common;
using System.Text;
using System.Text.Json;
using SmartCache.Contract.Rows;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>Reads journals and rows, without the code under test.</summary>
internal static class Evidence
{
    /// <summary>The journals in a folder, each with the name of its worker. That begins with the name of its process.</summary>
    public static IReadOnlyList<(string Worker, IReadOnlyList<Claim> Journal)> Journals(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.journal").Select(file => (Path.GetFileNameWithoutExtension(file), Journal(file)))];

    /// <summary>The lines of a journal. A process that was killed may have left its last one unfinished.</summary>
    public static IReadOnlyList<Claim> Journal(string file) =>
        [.. File.ReadAllText(file).Split('\n')[..^1].Select(line => JsonSerializer.Deserialize<Claim>(line)!)];

    /// <summary>The sessions in the table, each with its entries and the short forms of their values.</summary>
    public static async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> RowsAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT cache_key, value FROM smart_cache";
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        while (await reader.ReadAsync())
        {
            var key = reader.GetFieldValue<byte[]>(0);
            if (key.AsSpan().SequenceEqual(RawTable.SweepTurn))
                continue;

            var entries = SessionBytes.Entries(reader.GetFieldValue<byte[]>(1));
            rows.Add(Encoding.UTF8.GetString(key), entries.ToDictionary(entry => entry.Name, entry => EntryValue.Brief(entry.Value)));
        }

        return rows;
    }

    /// <summary>The longest time of each process between two acknowledged saves.</summary>
    public static Dictionary<string, TimeSpan> LongestSilences(IEnumerable<(string Worker, IReadOnlyList<Claim> Journal)> journals) =>
        journals.GroupBy(journal => journal.Worker.Split('.')[0]).ToDictionary(process => process.Key, process =>
        {
            var claims = process.SelectMany(worker => worker.Journal).Where(claim => claim.Kind == ClaimKind.Done);
            var moments = claims.Select(claim => claim.At).Order().ToList();
            return TimeSpan.FromMilliseconds(moments.Zip(moments.Skip(1), (earlier, later) => later - earlier).DefaultIfEmpty().Max());
        });
}
