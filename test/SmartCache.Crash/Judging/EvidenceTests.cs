using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Rows;
using SmartCache.Contract.Values;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>The judge gets what was written.</summary>
public sealed class EvidenceTests
{
    private string _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("smartcache-evidence-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_journal_is_read_as_it_was_written_but_for_a_last_line_that_was_cut_off()
    {
        Claim[] claims =
        [
            new(ClaimKind.Set, 1, 1_000, "session", "a", EntryValue.Brief("unique", 40)),
            new(ClaimKind.Refused, 1, 1_001, "session", "", "a reason\twith a tab\r\nand a line break"),
        ];
        var file = Path.Combine(_folder, "a.journal");
        using (var journal = new Journal(file))
        {
            Array.ForEach(claims, journal.Write);
        }

        File.AppendAllText(file, """{"Kind":"Done","Save":2""");

        Assert.That(Evidence.Journals(_folder).Single().Journal, Is.EqualTo(claims));
    }

    [Test]
    public void A_line_in_the_middle_that_is_none_is_an_error()
    {
        var file = Path.Combine(_folder, "a.journal");
        File.WriteAllText(file, "{\n{}\n");

        Assert.That(() => Evidence.Journal(file), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public async Task A_row_that_somebody_removed_or_added_is_found_missing_or_too_many()
    {
        var connectionString = $"Data Source={Path.Combine(_folder, "sessions.db")};Pooling=False";
        await using (var services = new ServiceCollection().AddSmartSqliteCache(connectionString).BuildServiceProvider())
        {
            var cache = services.GetRequiredService<SmartDistributedCache>();
            await cache.SetAsync("known", SessionBytes.Of(Guid.NewGuid(), ("a", EntryValue.Whole("1*5"))), Expires.ByDefault);
            await cache.SetAsync("unknown", SessionBytes.Of(Guid.NewGuid(), ("b", "2")), Expires.ByDefault);
        }

        Claim[] journal =
        [
            new(ClaimKind.Set, 1, 0, "known", "a", "1*5"),
            new(ClaimKind.Done, 1, 0, "known"),
            new(ClaimKind.Set, 2, 0, "missing", "c", "3*5"),
            new(ClaimKind.Done, 2, 0, "missing"),
        ];
        var judge = new Judge();
        judge.Hear(journal);
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        var verdict = judge.Decide(await Evidence.RowsAsync(connection));

        Assert.That(
            verdict.Complaints.Select(complaint => (complaint.Kind, complaint.Session)),
            Is.EquivalentTo(new[] { (ComplaintKind.Lost, "missing"), (ComplaintKind.Phantom, "unknown") }));
    }
}
