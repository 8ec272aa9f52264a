using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SmartCache.Engines;

/// <summary>
/// All that differs between SQLite, PostgreSQL and the MySQL family for tests, crash suite, benchmarks and RaceLab. How a
/// server is obtained, started and killed is in the family's folder too (<c>*Release</c>).
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

    /// <summary>What people call it.</summary>
    public abstract string Title { get; }

    /// <summary>The SQL it speaks: <c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</summary>
    public abstract string Dialect { get; }

    public abstract DbProviderFactory Driver { get; }

    /// <summary>The line of code by which an app gets SmartCache on this engine.</summary>
    public abstract string Registration { get; }

    /// <summary>The types and the upsert of a table for a cache as they are commonly written.</summary>
    public abstract LastWriterWinsSql LastWriterWins { get; }

    /// <summary>What is said once to a new database, so that all caches on it write as SmartCache does; null for nothing.</summary>
    public virtual string? Preparation => null;

    /// <summary>What the engine does some time after many updates, <c>{0}</c> being the table; null for nothing.</summary>
    public virtual string? Tidy => null;

    /// <summary>Server arguments by which a commit does not wait for the disk.</summary>
    public virtual IReadOnlyList<string> WithoutDiskWaits => [];

    /// <summary>What a connection string calls the host.</summary>
    public virtual string HostKeyword => throw NotAServer;

    protected NotSupportedException NotAServer => new($"{Title} is not a server.");

    /// <exception cref="ArgumentException">There is no such engine.</exception>
    public static EngineFamily Of(string engine) => Families.TryGetValue(engine, out var family)
        ? family
        : throw new ArgumentException($"The engine '{engine}' is not one of {string.Join(", ", Families.Keys)}.", nameof(engine));

    /// <summary>The engine that the environment variable <c>DATABASE</c> names, or the first of those if it is not set.</summary>
    /// <param name="of">The engines that a suite can run on.</param>
    /// <exception cref="ArgumentException">The variable names none of these.</exception>
    public static string FromEnvironment(params IReadOnlyCollection<string> of) => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name
        ? of.First()
        : of.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"{Variable} is '{name}', which is not one of {string.Join(", ", of)}.", nameof(of));

    /// <summary>Quotes the name of a table or column.</summary>
    public virtual string Quote(string name) => $"\"{name}\"";

    /// <summary>Registers the cache with the package's own method.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure);

    /// <summary>Registers the cache with options bound from configuration.</summary>
    public abstract IServiceCollection AddCache(IServiceCollection services, IConfiguration section);

    /// <summary>The script of SmartCache's table under another name.</summary>
    public abstract string CreateTableScript(string table);

    /// <summary>Connections that no cache has.</summary>
    public DbDataSource CreateDataSource(string connectionString) => Driver.CreateDataSource(connectionString);

    /// <summary>Begins to count what a whole database does.</summary>
    public abstract Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken);

    /// <summary>Begins to list what one cache has its database do. One account at a time.</summary>
    public abstract Task<StatementAccount> OpenAccountAsync(string connectionString);

    /// <summary>Has the server close all other connections of the login, whatever they are doing.</summary>
    public virtual Task CloseConnectionsAsync(Database database) => throw NotAServer;

    /// <summary>What the engine's own check finds wrong with a table.</summary>
    public abstract Task<List<string>> FindDamageAsync(Database database, string table);

    /// <summary>Closes the connections that the driver keeps open.</summary>
    public abstract void ClearPools();

    /// <summary>What a program in another language reaches the database with.</summary>
    public abstract SqlClient Client(string connectionString);

    /// <summary>How statements that grant rights name an account.</summary>
    public virtual string Account(string name) => name;

    /// <summary>The statement for an account that may connect and nothing else; its password is its name.</summary>
    public virtual string CreateAccount(string name) => throw NotAServer;

    /// <summary>The statement that removes the account with all its rights.</summary>
    public virtual string DropAccount(string name) => throw NotAServer;

    /// <summary>Added to a connection string, connects as the account.</summary>
    public virtual string ConnectAs(string name) => throw NotAServer;
}

/// <summary>What a program in another language reaches the database with.</summary>
/// <param name="Dialect">The SQL it has to speak: <c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</param>
/// <param name="Program">The engine's command-line client, which takes SQL and prints rows; null where the language brings its own.</param>
/// <param name="Packages">Debian's packages that have the client.</param>
/// <param name="Arguments">How it finds the database.</param>
/// <param name="Environment">The environment variables that it reads.</param>
public sealed record SqlClient(
    string Dialect, string? Program, string? Packages, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);
