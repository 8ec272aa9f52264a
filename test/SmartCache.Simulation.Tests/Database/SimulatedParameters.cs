using System.Collections;
using System.Data.Common;

namespace SmartCache.Simulation.Database;

/// <summary>A command's parameters, by position; the product asks for no more.</summary>
internal sealed class SimulatedParameters : DbParameterCollection
{
    private readonly List<DbParameter> _parameters = [];

    public override int Count => _parameters.Count;

    public override object SyncRoot => _parameters;

    public override int Add(object value)
    {
        _parameters.Add((DbParameter)value);
        return _parameters.Count - 1;
    }

    public override IEnumerator GetEnumerator() => _parameters.GetEnumerator();

    protected override DbParameter GetParameter(int index) => _parameters[index];

    public override void AddRange(Array values) => throw new NotSupportedException();

    public override void Clear() => throw new NotSupportedException();

    public override bool Contains(object value) => throw new NotSupportedException();

    public override bool Contains(string value) => throw new NotSupportedException();

    public override void CopyTo(Array array, int index) => throw new NotSupportedException();

    public override int IndexOf(object value) => throw new NotSupportedException();

    public override int IndexOf(string parameterName) => throw new NotSupportedException();

    public override void Insert(int index, object value) => throw new NotSupportedException();

    public override void Remove(object value) => throw new NotSupportedException();

    public override void RemoveAt(int index) => throw new NotSupportedException();

    public override void RemoveAt(string parameterName) => throw new NotSupportedException();

    protected override DbParameter GetParameter(string parameterName) => throw new NotSupportedException();

    protected override void SetParameter(int index, DbParameter value) => throw new NotSupportedException();

    protected override void SetParameter(string parameterName, DbParameter value) => throw new NotSupportedException();
}
