using System.Reflection;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using SmartCache.MySql;
using SmartCache.Postgres;
using SmartCache.Sqlite;

namespace SmartCache.Docs.Tests;

/// <summary>Pages that claim to be complete.</summary>
public sealed class ReferenceTests
{
    private static readonly Type[] OptionTypes =
        [typeof(SmartSqliteCacheOptions), typeof(SmartPostgresCacheOptions), typeof(SmartMySqlCacheOptions), typeof(LegacyTable), typeof(CacheColumns)];

    private static IEnumerable<string> Options => OptionTypes
        .SelectMany(type => type.GetProperties())
        .SelectMany(option => (string[])[option.Name, .. Enum.GetNames(option.PropertyType is { IsEnum: true } type ? type : typeof(NoValues))])
        .Distinct();

    private static IEnumerable<string> LogMessages => typeof(SmartCacheOptions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message)
        .OfType<string>();

    private static IEnumerable<XElement> PinnedPackages =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");

    [TestCaseSource(nameof(Options))]
    public void Every_option_and_each_of_its_values_stands_on_the_options_page(string name) =>
        Assert.That(Repository.Text("docs/options.md"), Does.Contain($"`{name}`"));

    [TestCaseSource(nameof(LogMessages))]
    public void Every_log_message_stands_on_the_troubleshooting_page(string message) =>
        Assert.That(Repository.Text("docs/troubleshooting.md"), Does.Contain($"`{message}`"));

    [Test]
    public void Every_package_stands_on_the_dependencies_page_with_its_version()
    {
        var rows = Repository.Text("docs/dependencies.md").Split('\n');
        var missing = PinnedPackages
            .Select(package => (Name: package.Attribute("Include")!.Value, Version: package.Attribute("Version")!.Value))
            .Where(package => !rows.Any(row => row.StartsWith($"| {package.Name} |", StringComparison.Ordinal) && row.Contains($"| {package.Version} |", StringComparison.Ordinal)));

        Assert.That(missing, Is.Empty);
    }

    [TestCase("Microsoft.Data.Sqlite")]
    [TestCase("Npgsql")]
    [TestCase("MySqlConnector")]
    public void The_readme_names_the_version_of_each_driver(string driver)
    {
        var version = PinnedPackages.Single(package => package.Attribute("Include")!.Value == driver).Attribute("Version")!.Value;

        Assert.That(Repository.Text("README.md"), Does.Contain($"| {driver} {version} |"));
    }

    private enum NoValues;
}
