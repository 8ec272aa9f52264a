using System.IO.Compression;
using System.Xml.Linq;

namespace SmartCache.Docs.Tests;

/// <summary>The packages as Pack has made them: what a project that installs one gets with it.</summary>
public sealed class PackageTests
{
    [TestCase("release", "SmartCache.Core", "Polly.Core", "System.IO.Hashing")]
    [TestCase("release", "SmartCache.Sqlite", "Microsoft.Data.Sqlite", "SmartCache.Core")]
    [TestCase("release", "SmartCache.Postgres", "Npgsql", "SmartCache.Core")]
    [TestCase("release", "SmartCache.MySql", "MySqlConnector", "SmartCache.Core")]
    [TestCase("floor", "SmartCache.Sqlite", "Microsoft.Data.Sqlite.Core", "SQLitePCLRaw.bundle_e_sqlite3", "SmartCache.Core")]
    [TestCase("floor", "SmartCache.MySql", "SmartCache.Core")]
    public void A_package_brings_what_it_needs_and_no_more(string set, string package, params string[] needs) =>
        Assert.That(Dependencies(set, package).Keys, Is.EquivalentTo(needs));

    [TestCase("SmartCache.Sqlite", "Microsoft.Data.Sqlite", 10, 0)]
    [TestCase("SmartCache.Postgres", "Npgsql", 10, 0)]
    [TestCase("SmartCache.MySql", "MySqlConnector", 2, 5)]
    public void A_release_asks_for_a_current_driver(string package, string driver, int major, int minor) =>
        Assert.That(Version.Parse(Dependencies("release", package)[driver]), Is.GreaterThanOrEqualTo(new Version(major, minor)));

    [TestCase("SmartCache.Core")]
    [TestCase("SmartCache.Sqlite", "sqlite")]
    [TestCase("SmartCache.Postgres", "postgresql", "postgres", "npgsql")]
    [TestCase("SmartCache.MySql", "mysql", "mariadb", "mysqlconnector")]
    public void A_package_is_found_by_what_all_have_in_common_and_by_its_engine(string package, params string[] engine) =>
        Assert.That(
            Nuspec("release", package).Descendants().Single(static element => element.Name.LocalName == "tags").Value.Split(' '),
            Is.EquivalentTo((string[])["aspnetcore", "session", "distributed-cache", "cache", "concurrency", .. engine]));

    private static Dictionary<string, string> Dependencies(string set, string package) =>
        Nuspec(set, package).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static XDocument Nuspec(string set, string package)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "packages", set);
        var file = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{package}.*.nupkg").SingleOrDefault() : null;
        Assert.That(file, Is.Not.Null, $"There is no package {package} in {folder}: ./build.sh makes them before it tests, --target=Pack does alone.");
        using var archive = ZipFile.OpenRead(file!);
        using var nuspec = archive.GetEntry($"{package}.nuspec")!.Open();
        return XDocument.Load(nuspec);
    }
}
