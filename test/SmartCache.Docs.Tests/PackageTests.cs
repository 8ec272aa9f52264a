using System.IO.Compression;
using System.Xml.Linq;

namespace SmartCache.Docs.Tests;

/// <summary>The packages as Pack has made them: what a project that installs one gets with it.</summary>
public sealed class PackageTests
{
    [TestCase("SmartCache.Core", "Polly.Core")]
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

    private static Dictionary<string, string> Dependencies(string package)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "packages");
        var file = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{package}.*.nupkg").SingleOrDefault() : null;
        Assert.That(file, Is.Not.Null, $"There is no package {package} in {folder}: ./build.sh makes them before it tests, --target=Pack does alone.");
        using var archive = ZipFile.OpenRead(file!);
        using var nuspec = archive.GetEntry($"{package}.nuspec")!.Open();
        return XDocument.Load(nuspec).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
    }
}
