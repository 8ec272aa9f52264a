namespace SmartCache.Contract.Web.Hosting;

/// <summary>While it lives every statement on the table fails, on any engine.</summary>
public sealed class MissingTable : IDisposable
{
    private readonly RawTable _table;
    private readonly RawTable _elsewhere;
    private readonly TestEngine _engine;

    public MissingTable(TestEngine engine, RawTable table)
    {
        (_engine, _table, _elsewhere) = (engine, table, new RawTable(engine, $"{table.Name}_away"));
        Rename(_table, _elsewhere);
    }

    public void Dispose() => Rename(_elsewhere, _table);

    private void Rename(RawTable from, RawTable to) => from.Run($"ALTER TABLE {{0}} RENAME TO {_engine.Quote(to.Name)}");
}
