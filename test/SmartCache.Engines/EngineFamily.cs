using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Engines;

/// <summary>
/// One description per engine family, for tests, crash suite, benchmarks and RaceLab: how a cache is registered, how
/// statements are counted, how connections are cut, how a table is checked. The family's folder also says how a server of
/// each release is installed, started and killed (<c>*Release</c>).
/// </summary>
public abstract class EngineFamily
{
    /// <summary>The environment variable that names the engine of a test run.</summary>
    private const string Variable = "DATABASE";

    /// <summary>The engines, some in an older release too, each with its family.</summary>
    private static readonly Dictionary<string, EngineFamily> Families = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sqlite"] = new SqliteFamily(),
        ["postgres"] = new PostgresFamily(),
        ["postgres-15"] = new PostgresFamily(),
        ["mariadb"] = new MySqlFamily(isMariaDb: true),
        ["mariadb-10.11"] = new MySqlFamily(isMariaDb: true),
        ["mysql"] = new MySqlFamily(isMariaDb: false),
    };

    /// <summary>The engines' names on command lines and in environment variables, such as <c>mariadb-10.11</c>.</summary>
    public static IReadOnlyCollection<string> Engines => Families.Keys;

    /// <summary>The product's name.</summary>
    public abstract string Title { get; }

    /// <summary>The SQL it speaks: <c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</summary>
    public abstract string Dialect { get; }
    public abstract DbProviderFactory Driver { get; }

    /// <summary>The line of code by which an app gets SmartCache on this engine.</summary>
    public abstract string Registration { get; }

    /// <summary>The SQL of <see cref="LastWriterWinsCache"/> on this engine.</summary>
    public abstract LastWriterWinsSql LastWriterWins { get; }

    /// <summary>A statement that prepares a new database, so that all caches that are compared write alike; null for none.</summary>
    public virtual string? Preparation => null;

    /// <summary>A statement that does at once what the engine does some time after many updates; <c>{0}</c> is the table. Null for none.</summary>
    public virtual string? Tidy => null;

    /// <summary>Server arguments that keep a commit from waiting for the disk.</summary>
    public virtual IReadOnlyList<string> WithoutDiskWaits => [];

    /// <summary>The longest name of a table, in characters.</summary>
    public virtual int MaxNameLength => 63;

    /// <summary>The keyword for the host in a connection string.</summary>
    public virtual string HostKeyword => throw NotAServer;
    protected NotSupportedException NotAServer => new($"{Title} is not a server.");

    /// <exception cref="ArgumentException">There is no such engine.</exception>
    public static EngineFamily Of(string engine) => Families.TryGetValue(engine, out var family)
        ? family
        : throw new ArgumentException($"The engine '{engine}' is not one of {string.Join(", ", Families.Keys)}.", nameof(engine));

    /// <summary>The engine that the environment variable <c>DATABASE</c> names, or the first of those if it is not set.</summary>
    /// <exception cref="ArgumentException">The variable names none of these.</exception>
    public static string FromEnvironment(params IReadOnlyCollection<string> of) => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name
        ? of.First()
        : of.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"{Variable} is '{name}', which is not one of {string.Join(", ", of)}.", nameof(of));

    /// <summary>Quotes the name of a table or column.</summary>
    public virtual string Quote(string name) => $"\"{name}\"";

    /// <summary>Registers the cache with the package's own method, as a keyed service if it is given a key.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null);

    /// <summary>Registers the cache with options bound from configuration.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null);

    /// <summary>The script that creates SmartCache's table under the given name.</summary>
    public abstract string CreateTableScript(string table);

    /// <summary>Opens connections that no cache uses.</summary>
    public DbDataSource CreateDataSource(string connectionString) => Driver.CreateDataSource(connectionString);

    /// <summary>Opens a counter of everything the database does.</summary>
    public abstract Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken);

    /// <summary>Opens an account of the statements of one cache. Only one account can be open at a time.</summary>
    public abstract Task<StatementAccount> OpenAccountAsync(string connectionString);

    /// <summary>Makes the server close all other connections, whatever they are doing.</summary>
    public virtual Task CloseConnectionsAsync(Database database) => throw NotAServer;

    /// <summary>Runs the engine's own check of a table, and returns what it finds wrong.</summary>
    public abstract Task<List<string>> FindDamageAsync(Database database, string table);

    /// <summary>Closes the idle connections in the driver's pools.</summary>
    public abstract void ClearPools();

    /// <summary>Describes how a program in another language connects.</summary>
    public abstract SqlClient Client(string connectionString);

    /// <summary>The account's name in a GRANT statement.</summary>
    public virtual string Account(string name) => name;

    /// <summary>A statement that creates an account with the right to connect and no other. Its password is its name.</summary>
    public virtual string CreateAccount(string name) => throw NotAServer;

    /// <summary>A statement that removes the account with all its rights.</summary>
    public virtual string DropAccount(string name) => throw NotAServer;

    /// <summary>The regular expression of what the server says to an account that lacks a right.</summary>
    public virtual string Denial => "denied";

    /// <summary>The end of a connection string that connects as the account.</summary>
    public virtual string ConnectAs(string name) => throw NotAServer;
}

/// <summary>How a program in another language connects to the database.</summary>
/// <param name="Dialect">The SQL it has to speak: <c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</param>
/// <param name="Program">The engine's command-line client, which takes SQL and prints rows; null where the language brings its own.</param>
/// <param name="Packages">Debian's packages that have the client.</param>
/// <param name="Arguments">How it finds the database.</param>
/// <param name="Environment">The environment variables that it reads.</param>
public sealed record SqlClient(
    string Dialect, string? Program, string? Packages, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);
