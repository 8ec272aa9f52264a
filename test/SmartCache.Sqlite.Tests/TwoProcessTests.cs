using System.Diagnostics;
using System.Runtime.InteropServices;
using SmartCache.Contract.Requests;
using SmartCache.Contract.Rows;

namespace SmartCache.Sqlite.Tests;

public sealed class TwoProcessTests : FileFixture
{
    private const int Entries = 150;

    [Test]
    public async Task Two_processes_on_one_file_lose_none_of_each_others_entries()
    {
        var key = SimulatedRequest.NewKey();
        using var other = Process.Start(new ProcessStartInfo(
            Dotnet, [typeof(Program).Assembly.Location, File, TableName, key, "theirs", $"{Entries}"])
        {
            RedirectStandardError = true,
        })!;
        var errors = other.StandardError.ReadToEndAsync();
        await Program.StoreAsync(NewNode(), key, "ours", Entries);
        await other.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.That(other.ExitCode, Is.Zero, await errors);
        var expected = Enumerable.Range(0, Entries).SelectMany(number => new[] { ($"theirs{number}", $"{number}"), ($"ours{number}", $"{number}") });
        Assert.That(SessionBytes.Entries(new RawTable(Engine, TableName).Row(key).Value), Is.EquivalentTo(expected));
    }

    /// <summary>The dotnet that runs this test.</summary>
    private static string Dotnet => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
