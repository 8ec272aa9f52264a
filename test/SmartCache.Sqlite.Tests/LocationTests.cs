using Microsoft.Data.Sqlite;

namespace SmartCache.Sqlite.Tests;

/// <summary>However a connection string names its file, the file is where the driver looks for it, and its owner's alone.</summary>
[Platform(Exclude = "Win", Reason = "Windows has no file modes, and other rules for paths.")]
public sealed class LocationTests : FileFixture
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string DataDirectory = "DataDirectory";

    private string _before = null!;

    [SetUp]
    public void EnterFolder()
    {
        _before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Folder;
        Directory.CreateDirectory(Path.Combine(Folder, "real", "inner"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "link"), Path.Combine(Folder, "real", "inner"));
        System.IO.File.CreateSymbolicLink(Path.Combine(Folder, "link.db"), "real/target.db");
    }

    [TearDown]
    public void LeaveFolder()
    {
        AppDomain.CurrentDomain.SetData(DataDirectory, null);
        Environment.CurrentDirectory = _before;
    }

    [TestCase("{0}/sessions.db", "sessions.db")]
    [TestCase("sessions.db", "sessions.db")]
    [TestCase("file:sessions.db", "sessions.db")]
    [TestCase("file:{0}/sessions.db", "sessions.db")]
    [TestCase("file://{0}/sessions.db", "sessions.db")]
    [TestCase("file://localhost{0}/sessions.db", "sessions.db")]
    [TestCase("file:my%20ses%73ions.db", "my sessions.db")]
    [TestCase("file:a%23b%3fc%25d.db", "a#b?c%d.db")]
    [TestCase("file:zz%zz.db", "zz%zz.db")]
    [TestCase("file:ses%00sions.db?psow=1", "ses")]
    [TestCase("file:sessions.db?mode=rwc", "sessions.db")]
    [TestCase("file:{0}/my%20sessions.db?psow=1&mode=rwc&cache=private#fragment", "my sessions.db")]
    [TestCase("FILE:sessions.db", "FILE:sessions.db")]
    [TestCase("link/../sessions.db", "real/sessions.db")]
    [TestCase("link.db", "real/target.db")]
    [TestCase("|DataDirectory|sessions.db", "|DataDirectory|sessions.db")]
    public Task A_new_file_is_where_the_driver_opens_it_and_its_owners_alone(string dataSource, string file) => IsCreatedAsync(dataSource, file);

    [TestCase("|DataDirectory|sessions.db", "real/sessions.db")]
    [TestCase("|datadirectory|sessions.db", "real/sessions.db")]
    [TestCase("sessions.db", "real/sessions.db")]
    [TestCase("{0}/sessions.db", "sessions.db")]
    [TestCase("file:sessions.db", "sessions.db")]
    public Task A_data_directory_is_heeded_as_the_driver_does(string dataSource, string file)
    {
        AppDomain.CurrentDomain.SetData(DataDirectory, Path.Combine(Folder, "real"));
        return IsCreatedAsync(dataSource, file);
    }

    [Test]
    public async Task A_data_source_of_the_apps_own_creates_its_file_for_its_owner_alone()
    {
        await using var source = SqliteFactory.Instance.CreateDataSource("Data Source=sessions.db");
        await NewNode(configure: options => (options.ConnectionString, options.DataSource) = (null, source)).Cache.SetAsync("key", [1], Expires.ByDefault);

        Assert.That(Modes(), Is.EquivalentTo(OwnersAlone("sessions.db")));
    }

    [Test]
    public async Task The_file_stays_the_same_if_the_current_folder_changes()
    {
        var cache = NewNode("sessions.db").Cache;
        await cache.SetAsync("key", [1], Expires.ByDefault);
        Environment.CurrentDirectory = Path.Combine(Folder, "real");

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(Modes(), Is.EquivalentTo(OwnersAlone("sessions.db")));
    }

    [TestCase("file:sessions.db?mode=rw")]
    [TestCase("sessions.db;Mode=ReadWrite")]
    public async Task A_file_that_must_exist_is_not_created(string dataSource)
    {
        var cache = NewNode(configure: options => options.ConnectionString = $"Data Source={dataSource}").Cache;

        Assert.That(() => cache.GetAsync("key"), Throws.InvalidOperationException.With.Message.Contains("does not exist"));
        Assert.That(Modes(), Is.Empty);
        await using var connection = new SqliteConnection("Data Source=sessions.db;Pooling=False");
        await connection.OpenAsync();
        Assert.That(() => cache.GetAsync("key"), Throws.Nothing);
    }

    private async Task IsCreatedAsync(string dataSource, string file)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = string.Format(CultureInfo.InvariantCulture, dataSource, Folder), Pooling = false };
        var node = NewNode(configure: options => options.ConnectionString = builder.ToString());
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        Assert.That(await node.Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));

        Assert.That(Modes(), Is.EquivalentTo(OwnersAlone(file)));
        await using var connection = new SqliteConnection(builder.ToString());
        await connection.OpenAsync();
        Assert.That(connection.Ask($"SELECT count(*) FROM {TableName}"), Is.EqualTo(1));
    }

    private static IEnumerable<(string, UnixFileMode)> OwnersAlone(string file) => new[] { "", "-wal", "-shm" }.Select(suffix => (file + suffix, OwnerOnly));

    private IEnumerable<(string, UnixFileMode)> Modes() =>
        from file in new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories)
        where file.LinkTarget is null
        select (Path.GetRelativePath(Folder, file.FullName), file.UnixFileMode);
}
