using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace SmartCache.Docs.Tests;

/// <summary>The packages as Pack has made them: what a project that installs one gets with it.</summary>
public sealed class PackageTests
{
    private static readonly string[] Packages = ["SmartCache.Core", "SmartCache.Sqlite", "SmartCache.Postgres", "SmartCache.MySql"];

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

    [Test]
    public void A_package_shows_a_readme_of_its_own_and_an_icon([ValueSource(nameof(Packages))] string package)
    {
        var readme = Encoding.UTF8.GetString(Entry(package, Metadata(package, "readme")));
        var icon = Entry(package, Metadata(package, "icon"));

        Assert.That(readme, Is.EqualTo(Repository.Text($"{package}/README.md")).And.StartsWith($"# {package}\n"));
        Assert.That(icon.AsSpan(0, 8).ToArray(), Is.EqualTo((byte[])[0x89, .. "PNG\r\n\x1A\n"u8]));
        Assert.That((BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))), Is.EqualTo((128, 128)));
        Assert.That(Metadata(package, "license"), Is.EqualTo("MIT"));
    }

    [TestCase("SmartCache.Core", "T:SmartCache.SmartCacheOptions")]
    [TestCase("SmartCache.Sqlite", "T:SmartCache.Sqlite.SmartSqliteCacheOptions")]
    [TestCase("SmartCache.Postgres", "T:SmartCache.Postgres.SmartPostgresCacheOptions")]
    [TestCase("SmartCache.MySql", "T:SmartCache.MySql.SmartMySqlCacheOptions")]
    public void A_package_has_the_documentation_that_an_editor_shows(string package, string member)
    {
        var documentation = XDocument.Parse(Encoding.UTF8.GetString(Entry(package, $"lib/net10.0/{package}.xml")).TrimStart('\uFEFF'));

        Assert.That(documentation.Descendants("member").Select(static element => element.Attribute("name")!.Value), Has.Some.EqualTo(member));
    }

    [Test]
    public void An_assembly_is_reproducible_and_has_its_symbols_inside([ValueSource(nameof(Packages))] string package)
    {
        using var assembly = new PEReader(new MemoryStream(Entry(package, $"lib/net10.0/{package}.dll")));
        var entries = assembly.ReadDebugDirectory();
        Assert.That(entries.Select(static entry => entry.Type), Is.SupersetOf((DebugDirectoryEntryType[])[DebugDirectoryEntryType.Reproducible, DebugDirectoryEntryType.EmbeddedPortablePdb]));

        var embedded = entries.Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var symbols = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var reader = symbols.GetMetadataReader();
        var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();
        Assert.That(sources, Has.Some.EndsWith(".cs").And.Some.Contains(package));

        // A published package names no folder of the machine that built it.
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.That(sources, Has.All.StartsWith("/_/"));
    }

    [Test]
    public void All_packages_have_one_version_and_ask_for_the_core_of_that_version([Values("SmartCache.Sqlite", "SmartCache.Postgres", "SmartCache.MySql")] string package)
    {
        var version = Metadata(package, "version");

        Assert.That(Metadata("SmartCache.Core", "version"), Is.EqualTo(version));
        Assert.That(Dependencies(package)["SmartCache.Core"], Is.EqualTo(version));
        Assert.That(ProductVersion(package), Is.EqualTo(version));
    }

    private static string ProductVersion(string package)
    {
        using var folder = new TemporaryFolder();
        var assembly = Path.Combine(folder.Path, $"{package}.dll");
        File.WriteAllBytes(assembly, Entry(package, $"lib/net10.0/{package}.dll"));
        return FileVersionInfo.GetVersionInfo(assembly).ProductVersion!.Split('+')[0];
    }

    private static Dictionary<string, string> Dependencies(string package) =>
        Nuspec(package).Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    private static string Metadata(string package, string element) =>
        Nuspec(package).Descendants().Single(candidate => candidate.Name.LocalName == element).Value;

    private static XDocument Nuspec(string package) => XDocument.Load(new MemoryStream(Entry(package, $"{package}.nuspec")));

    internal static byte[] Entry(string package, string path)
    {
        using var archive = ZipFile.OpenRead(PackedPackages.Find(package));
        var entry = archive.GetEntry(path);
        Assert.That(entry, Is.Not.Null, $"{package} does not contain {path}.");
        using var content = entry!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }
}

/// <summary>The packages in the folder in which Pack leaves them.</summary>
internal static class PackedPackages
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "packages");

    public static string Find(string package)
    {
        var file = Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{package}.*.nupkg").SingleOrDefault() : null;
        Assert.That(file, Is.Not.Null, $"There is no package {package} in {Folder}: ./build.sh makes them before it tests, --target=Pack does alone.");
        return file!;
    }

    public static string Version => Path.GetFileNameWithoutExtension(Find("SmartCache.Core"))["SmartCache.Core.".Length..];
}
