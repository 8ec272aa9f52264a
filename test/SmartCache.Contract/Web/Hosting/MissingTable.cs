using SmartCache.Contract.Engines;
using SmartCache.Contract.Rows;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>A table that is gone for a while: the database answers every statement with an error.</summary>
public sealed class MissingTable : IDisposable
{
    private readonly RawTable _table;
    private readonly TestEngine _engine;

    public MissingTable(TestEngine engine, RawTable table)
    {
        (_engine, _table) = (engine, table);
        _engine.Alter(_engine.Hide(_table.Name));
    }

    public void Dispose() => _engine.Alter(_engine.Show(_table.Name));
}
