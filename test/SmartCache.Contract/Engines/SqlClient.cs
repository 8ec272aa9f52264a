namespace SmartCache.Contract.Engines;

/// <summary>What a program in another language reaches the database with.</summary>
/// <param name="Dialect">The SQL it has to speak: <c>sqlite</c>, <c>postgres</c> or <c>mysql</c>.</param>
/// <param name="Program">The engine's command-line client, which takes SQL and prints rows; null where the language brings its own.</param>
/// <param name="Packages">Debian's packages that have the client.</param>
/// <param name="Arguments">How it finds the database.</param>
/// <param name="Environment">The environment variables that it reads.</param>
public sealed record SqlClient(
    string Dialect, string? Program, string? Packages, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment);
