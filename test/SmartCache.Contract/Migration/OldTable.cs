namespace SmartCache.Contract.Migration;

/// <summary>The table an app leaves behind, filled as its cache filled it.</summary>
public sealed class OldTable(TestEngine engine, PeerTable peer, string name)
{
    /// <summary>The table's name.</summary>
    public string Name => peer.FixedName ?? name;

    /// <summary>The description under test.</summary>
    public LegacyTable Description => peer.Describe(Name);

    private string Quoted => engine.Quote(Name);

    private string QuotedKey => engine.Quote(Description.KeyColumn);

    public void Create()
    {
        Drop();
        Execute(Format(peer.Create, Quoted));
    }

    public void Drop() => Execute($"DROP TABLE IF EXISTS {Quoted}");

    public void Clear() => Execute($"DELETE FROM {Quoted}");

    /// <summary>Writes a row as the old cache would.</summary>
    public void Put(string key, byte[] value, DateTimeOffset? expires, TimeSpan? sliding = null, DateTimeOffset? absolute = null) =>
        Execute(
            Format(
                peer.Insert,
                Quoted,
                expires is { } moment ? peer.Moment(moment) : "NULL",
                sliding is { } window ? peer.Span(window) : "NULL",
                absolute is { } end ? peer.Moment(end) : "NULL"),
            ("@key", key),
            ("@value", value));

    public int Count() => (int)Ask($"SELECT COUNT(*) FROM {Quoted}");

    public bool Has(string key) => Ask($"SELECT COUNT(*) FROM {Quoted} WHERE {QuotedKey} = @key", ("@key", key)) > 0;

    private static string Format(string text, params object[] parts) =>
        string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(text), parts);

    private void Execute(string text, params (string Name, object Value)[] parameters) => Run(text, static command => command.ExecuteNonQuery(), parameters);

    private long Ask(string text, params (string Name, object Value)[] parameters) =>
        Run(text, static command => Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture), parameters);

    private T Run<T>(string text, Func<System.Data.Common.DbCommand, T> run, (string Name, object Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return run(command);
    }
}
