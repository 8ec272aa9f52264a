using System.Data.Common;

namespace SmartCache.Simulation.Database;

/// <summary>The values that a statement was sent with.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, object?> _values = [];

    public Arguments(DbParameterCollection parameters)
    {
        foreach (DbParameter parameter in parameters)
        {
            _values.Add(parameter.ParameterName, parameter.Value is DBNull ? null : parameter.Value);
        }
    }

    /// <summary>The row's key as text, for whoever looks at it.</summary>
    public string Key => System.Text.Encoding.UTF8.GetString((byte[])_values["@key"]!);

    /// <summary>The statement's own idea of the time, if it has one.</summary>
    public long? Now => (long?)_values.GetValueOrDefault("@now");

    public long this[string name] => (long)_values[name]!;

    public string Text(string name) => (string)_values[name]!;

    /// <summary>The row that an insert, an upsert or a whole update writes.</summary>
    public Row Row() => new(
        (byte[])_values["@value"]!, (int)_values["@format"]!, this["@version"], RecentVersions: null,
        this["@expires_at"], (long?)_values["@sliding_ms"], (long?)_values["@absolute_at"]);

    /// <summary>As <see cref="Row"/>, of a statement that leaves the expiry as it is, and the list of versions where it has none.</summary>
    public Row ValueOver(Row row) => row with
    {
        Value = (byte[])_values["@value"]!,
        Format = (int)_values["@format"]!,
        Version = this["@version"],
        RecentVersions = _values.TryGetValue("@recent_versions", out var stamps) ? (byte[]?)stamps : row.RecentVersions,
    };

    /// <summary>As <see cref="Row"/>, of a statement that leaves the value as it is.</summary>
    public Row ExpiryOver(Row row) => row with
    {
        ExpiresAt = this["@expires_at"],
        SlidingMs = (long?)_values["@sliding_ms"],
        AbsoluteAt = (long?)_values["@absolute_at"],
    };
}
