namespace SmartCache.Engines;

/// <summary>What the engines are called on command lines and in environment variables.</summary>
public static class EngineNames
{
    /// <summary>The environment variable that names the engine of a test run.</summary>
    public const string Variable = "DATABASE";

    private static readonly Dictionary<EngineName, string> Texts = new()
    {
        [EngineName.Postgres] = "postgres",
        [EngineName.Postgres15] = "postgres-15",
        [EngineName.MariaDb] = "mariadb",
        [EngineName.MariaDb1011] = "mariadb-10.11",
        [EngineName.MySql] = "mysql",
    };

    /// <summary>Gives the engine's name as text, such as <c>mariadb-10.11</c>.</summary>
    public static string ToText(this EngineName name) => Texts[name];

    /// <summary>Gives the engine of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static EngineName Parse(string text) => Parse(text, Texts.Keys);

    /// <summary>Gives the engine that <see cref="Variable"/> names, or the first of those if it is not set.</summary>
    /// <param name="of">The engines that a suite can run on.</param>
    /// <exception cref="ArgumentException">The variable names none of these.</exception>
    public static EngineName FromEnvironment(params IReadOnlyList<EngineName> of) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? Parse(text, of) : of[0];

    private static EngineName Parse(string text, IEnumerable<EngineName> of)
    {
        var names = of.Where(name => Texts[name].Equals(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return names.Count == 1
            ? names[0]
            : throw new ArgumentException($"The engine '{text}' is not one of {string.Join(", ", of.Select(ToText))}.", nameof(text));
    }
}
