using System.IO.Compression;
using System.Xml.Linq;

namespace SmartCache.Docs.Tests;

/// <summary>The packages as Pack has made them: what a project that installs one gets with it.</summary>
public sealed class PackageTests
{
    [TestCase("SmartCache.Core", "Polly.Core", "System.IO.Hashing")]
    [TestCase("SmartCache.Sqlite", "Microsoft.Data.Sqlite", "SmartCache.Core")]
    [TestCase("SmartCache.Postgres", "Npgsql", "SmartCache.Core")]
    [TestCase("SmartCache.MySql", "MySqlConnector", "SmartCache.Core")]
    public void A_package_brings_what_it_needs_and_no_more(string package, params string[] needs) =>
        Assert.That(Dependencies(package).Keys, Is.EquivalentTo(needs));

    [TestCase("SmartCache.Sqlite", "Microsoft.Data.Sqlite")]
    [TestCase("SmartCache.Postgres", "Npgsql")]
    [TestCase("SmartCache.MySql", "MySqlConnector")]
    public void A_package_asks_for_the_driver_that_it_was_built_and_tested_with(string package, string driver) =>
        Assert.That(Dependencies(package)[driver], Is.EqualTo(PinnedVersion(driver)));

    private static string PinnedVersion(string package) =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(element => element.Attribute("Include")!.Value == package).Attribute("Version")!.Value;

    [TestCase("SmartCache.Core")]
    [TestCase("SmartCache.Sqlite", "sqlite")]
    [TestCase("SmartCache.Postgres", "postgresql", "postgres", "npgsql")]
    [TestCase("SmartCache.MySql", "mysql", "mariadb", "mysqlconnector")]
    public void A_package_is_found_by_what_all_have_in_common_and_by_its_engine(string package, params string[] engine) =>
        Assert.That(
            Nuspec(package).Descendants().Single(static element => element.Name.LocalName == "tags").Value.Split(' '),
            Is.EquivalentTo((string[])["aspnetcore", "session", "distributed-cache", "cache", "concurrency", .. engine]));

    private static Dictionary<string, string> Dependencies(string package) =>
        Nuspec(package).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static XDocument Nuspec(string package)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "packages");
        var file = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{package}.*.nupkg").SingleOrDefault() : null;
        Assert.That(file, Is.Not.Null, $"There is no package {package} in {folder}: ./build.sh makes them before it tests, --target=Pack does alone.");
        using var archive = ZipFile.OpenRead(file!);
        using var nuspec = archive.GetEntry($"{package}.nuspec")!.Open();
        return XDocument.Load(nuspec);
    }
}
