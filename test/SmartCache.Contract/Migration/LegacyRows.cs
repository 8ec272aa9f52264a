namespace SmartCache.Contract.Migration;

/// <summary>The table that another cache leaves behind, filled as that cache filled it.</summary>
public sealed class LegacyRows(TestEngine engine, PeerTable peer, string name)
{
    public string Name => peer.FixedName ?? name;
    public LegacyTable Description => peer.Describe(Name);
    private string Quoted => engine.Quote(Name);

    public void Create()
    {
        Drop();
        Run(Format(peer.Create, Quoted));
    }

    public void Drop() => Run($"DROP TABLE IF EXISTS {Quoted}");

    public void Clear() => Run($"DELETE FROM {Quoted}");

    public void Put(string key, byte[] value, DateTimeOffset? expires, TimeSpan? sliding = null, DateTimeOffset? absolute = null)
    {
        string Moment(DateTimeOffset? moment) => moment is { } at ? peer.Moment(at) : "NULL";
        Run(
            Format(peer.Insert, Quoted, Moment(expires), sliding is { } window ? peer.Span(window) : "NULL", Moment(absolute)),
            ("@key", key),
            ("@value", value));
    }

    public int Count() => (int)Ask($"SELECT COUNT(*) FROM {Quoted}");

    public bool Has(string key) => Ask($"SELECT COUNT(*) FROM {Quoted} WHERE {engine.Quote(Description.KeyColumn)} = @key", ("@key", key)) > 0;

    private static string Format(string text, params object[] parts) =>
        string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(text), parts);

    private void Run(string text, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        connection.Run(text, parameters);
    }

    private long Ask(string text, params (string Name, object? Value)[] parameters)
    {
        using var connection = engine.OpenConnection();
        return connection.Ask(text, parameters);
    }
}
