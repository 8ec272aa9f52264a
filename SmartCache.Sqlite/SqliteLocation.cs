namespace SmartCache.Sqlite;

/// <summary>
/// The file that a connection string names, found in the same way as Microsoft.Data.Sqlite (<c>DataDirectory</c>) and SQLite
/// (https://sqlite.org/uri.html) do, and then named by its absolute path.
/// </summary>
internal sealed class SqliteLocation
{
    private const string DataDirectory = "|DataDirectory|";
    private const string UriScheme = "file:";

    private readonly bool _mayCreate;

    public SqliteLocation(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString) { Pooling = false };
        var name = builder.DataSource;
        if (builder.Mode == SqliteOpenMode.Memory && !name.StartsWith(UriScheme, StringComparison.OrdinalIgnoreCase))
        {
            name = UriScheme + name;
        }

        // The driver accepts the scheme of a URI in any case, SQLite only in lower case.
        var isUri = name.StartsWith(UriScheme, StringComparison.Ordinal);
        var (path, parameters) = isUri ? ParseUri(name[UriScheme.Length..])
            : name.StartsWith(UriScheme, StringComparison.OrdinalIgnoreCase) ? (name, [])
            : (InDataDirectory(name), []);
        var modes = parameters.Where(static parameter => Name(parameter) == "mode").Select(Value).ToList();
        var isInMemory = modes.Count == 0 ? builder.Mode == SqliteOpenMode.Memory : modes[^1] == "memory";
        IsSharedCache = parameters.LastOrDefault(static parameter => Name(parameter) == "cache") is { } cache
            ? Value(cache) == "shared"
            : builder.Cache == SqliteCacheMode.Shared;

        if (!isInMemory && path is not ("" or ":memory:"))
        {
            FileName = Resolve(path);
            _mayCreate = builder.Mode is SqliteOpenMode.ReadWriteCreate or SqliteOpenMode.Memory && modes.TrueForAll(static mode => mode == "rwc");
            if (_mayCreate)
            {
                // SQLite would create a file that others can read, and a reader would create an empty one in place of a deleted one.
                builder.Mode = SqliteOpenMode.ReadWrite;
                parameters = [.. parameters.Where(static parameter => Name(parameter) != "mode")];
            }

            builder.DataSource = isUri ? $"{UriScheme}{EscapePath(FileName)}?{string.Join('&', parameters)}" : FileName;
        }

        ConnectionString = builder.ToString();
    }

    /// <summary>Opens the file at its absolute path without creating it, and without the driver's pool: connections are kept with their prepared statements.</summary>
    public string ConnectionString { get; }

    /// <summary>The absolute path; null if the database is in memory.</summary>
    public string? FileName { get; }

    /// <summary>Whether there is no file for a second connection to open.</summary>
    public bool IsInMemory => FileName is null;

    /// <summary>Whether the connections of this process would share SQLite's page cache.</summary>
    public bool IsSharedCache { get; }

    /// <summary>Creates a missing file if that is allowed, readable only by its owner. An empty file is an empty database.</summary>
    public void CreateFile()
    {
        if (!_mayCreate || FileName is null)
            return;

        // SQLite gives its log and index the same mode.
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // An existing file is not opened: closing it again would release the locks of SQLite's connections.
        if (File.Exists(FileName) || !Directory.Exists(Path.GetDirectoryName(FileName)))
            return;

        try
        {
            new FileStream(FileName, create).Dispose();
        }
        catch (IOException) when (File.Exists(FileName))
        {
            // Another connection has created it meanwhile, in the same way.
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new InvalidOperationException($"The SQLite file '{FileName}' cannot be created in its folder: {exception.Message}", exception);
        }
    }

    private static string InDataDirectory(string name) =>
        AppDomain.CurrentDomain.GetData("DataDirectory") is not string { Length: > 0 } folder || name.Equals(":memory:", StringComparison.OrdinalIgnoreCase) ? name
        : name.StartsWith(DataDirectory, StringComparison.InvariantCultureIgnoreCase) ? Path.Combine(folder, name[DataDirectory.Length..])
        : Path.Combine(folder, name);

    /// <returns>The path, empty if there is none or SQLite refuses the host before it, and the parameters.</returns>
    private static (string Path, string[] Parameters) ParseUri(string uri)
    {
        uri = uri.Split('#')[0];
        if (uri.StartsWith("//", StringComparison.Ordinal))
        {
            var begin = uri.IndexOf('/', 2);
            uri = begin > 0 && uri[2..begin] is "" or "localhost" ? uri[begin..] : "";
        }

        var parts = uri.Split('?', 2);
        var path = Unescape(parts[0]);
        if (OperatingSystem.IsWindows() && path is ['/', _, ':', ..])
        {
            path = path[1..];
        }

        return (path, parts.Length == 1 ? [] : parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Name(string parameter) => Unescape(parameter.Split('=')[0]);

    private static string Value(string parameter) => Unescape(parameter[(parameter.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    /// <summary>A text ends at an escaped zero.</summary>
    private static string Unescape(string text) => Uri.UnescapeDataString(text).Split('\0')[0];

    private static string EscapePath(string path)
    {
        path = path.Replace("%", "%25", StringComparison.Ordinal).Replace("?", "%3f", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);
        return OperatingSystem.IsWindows() ? "///" + path.Replace('\\', '/') : path;
    }

    /// <summary>Follows links before "..", as SQLite does and <see cref="Path.GetFullPath(string)"/> does not.</summary>
    private static string Resolve(string path) => OperatingSystem.IsWindows()
        ? Path.GetFullPath(path)
        : Path.Combine(Environment.CurrentDirectory, path).Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate("/", static (folder, name) => name switch
        {
            "." => folder,
            ".." => Path.GetDirectoryName(folder) ?? folder,
            _ => Follow(Path.Combine(folder, name)),
        });

    private static string Follow(string path) =>
        new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
}
