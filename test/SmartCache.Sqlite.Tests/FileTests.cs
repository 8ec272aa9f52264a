namespace SmartCache.Sqlite.Tests;

/// <summary>The database file: made for its owner alone, and left as it is where it is not what it should be.</summary>
public sealed class FileTests : FileFixture
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no file modes; a new file inherits its folder's rights.")]
    public async Task A_new_file_and_its_log_are_readable_by_their_owner_alone()
    {
        await NewNode().Cache.SetAsync("key", [1], Expires.ByDefault);

        var modes = Directory.GetFiles(Folder).ToDictionary(file => Path.GetFileName(file), file => new FileInfo(file).UnixFileMode);
        Assert.That(modes.Keys, Is.EquivalentTo(new[] { "sessions.db", "sessions.db-wal", "sessions.db-shm" }));
        Assert.That(modes.Values, Has.All.EqualTo(OwnerOnly));
    }

    [Test]
    public async Task The_log_is_folded_into_the_file_on_disposal()
    {
        var node = NewNode();
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        await node.Cache.GetAsync("key");
        await node.DisposeAsync();

        Assert.That(Directory.GetFiles(Folder), Is.EqualTo(new[] { File }));
        Assert.That(await NewNode().Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_missing_folder_is_named_and_not_created_and_is_used_once_it_is_there()
    {
        var folder = Path.Combine(Folder, "missing");
        var node = IsRefused(Path.Combine(folder, "sessions.db"), "does not exist");
        Assert.That(Directory.Exists(folder), Is.False);

        Directory.CreateDirectory(folder);
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        Assert.That(await node.Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    // Where not even root may write.
    [Test]
    [Platform("Linux", Reason = "Other systems have no folder that refuses even their administrator.")]
    public void A_folder_in_which_no_file_can_be_created_is_named() => IsRefused("/proc/smartcache-sessions.db", "cannot be");

    [Test]
    public void A_folder_in_the_files_place_is_named() => IsRefused(Folder, "cannot be");

    [Test]
    public async Task A_read_only_file_is_an_error_for_writers_and_stays_as_it_is()
    {
        await CreateDatabaseAsync();
        var before = await System.IO.File.ReadAllBytesAsync(File);
        var node = NewNode($"file:{File}?mode=ro");

        Assert.That(() => node.Cache.SetAsync("key", [1], Expires.ByDefault), Throws.Exception.With.Message.Contains("readonly").Or.Message.Contains("read-only"));
        await node.DisposeAsync();
        Assert.That(await System.IO.File.ReadAllBytesAsync(File), Is.EqualTo(before));
    }

    [Test]
    public async Task A_file_that_is_no_database_is_named_and_left_as_it_is([Values(10, 100_000)] int size)
    {
        var before = new byte[size];
        new Random(size).NextBytes(before);
        await System.IO.File.WriteAllBytesAsync(File, before);

        IsRefused(File, "not a SQLite database");
        Assert.That(await System.IO.File.ReadAllBytesAsync(File), Is.EqualTo(before));
    }

    [Test]
    public async Task A_damaged_file_is_named_and_left_as_it_is()
    {
        await CreateDatabaseAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes.AsSpan(100, 200).Fill(0xA5);
        await System.IO.File.WriteAllBytesAsync(File, bytes);

        IsRefused(File, "damaged");
        Assert.That(await System.IO.File.ReadAllBytesAsync(File), Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_file_damaged_behind_its_beginning_is_an_error_too_and_left_as_it_is()
    {
        await CreateDatabaseAsync();
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes.AsSpan(4096).Fill(0xA5);
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        var node = NewNode();

        Assert.That(() => node.Cache.GetAsync("key 1"), Throws.Exception.With.Message.Contains("malformed").Or.Message.Contains("damaged"));
        Assert.That(() => node.Cache.SetAsync("key 1", [1], Expires.ByDefault), Throws.Exception);
        await node.DisposeAsync();
        Assert.That(await System.IO.File.ReadAllBytesAsync(File), Is.EqualTo(bytes));
    }

    private async Task CreateDatabaseAsync()
    {
        var node = NewNode();
        for (var number = 0; number < 50; number++)
            await node.Cache.SetAsync($"key {number}", new byte[500], Expires.ByDefault);

        await node.DisposeAsync();
    }

    private Node IsRefused(string file, string reason)
    {
        var node = NewNode(file);
        Func<Task>[] operations = [() => node.Cache.GetAsync("key"), () => node.Cache.SetAsync("key", [1], Expires.ByDefault)];
        foreach (var operation in operations)
            Assert.That(operation, Throws.InvalidOperationException.With.Message.Contains(file).And.Message.Contains(reason));

        return node;
    }
}
