using SmartCache.Sql;

namespace SmartCache.Simulation;

/// <summary>A text for each statement that a dialect spells; what they mean is in <see cref="RowStatements"/>.</summary>
/// <param name="touchesMany">Whether many rows are touched by one statement.</param>
internal sealed class SimulatedDialect(bool touchesMany) : SqlDialect
{
    private const string Values = "@crc, @key, @value, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now";

    public override string EngineName => "Simulation";
    public override string? BeginMerge => "BEGIN";

    public override bool IsTransient(Exception exception) => exception is SimulatedFault { IsTransient: true };

    public override bool IsConflict(Exception exception) => exception is SimulatedFault { IsConflict: true };

    public override bool IsLostRace(Exception exception) => exception is SimulatedFault { IsLostRace: true };

    public override string DescribeTable(CacheTable table) => "DESCRIBE";

    public override string CreateTable(CacheTable table) => "CREATE";

    public override string Insert(CacheTable table) => $"INSERT ({Values})";

    public override string Upsert(CacheTable table) => $"UPSERT ({Values})";

    public override string? TouchMany(CacheTable table) => touchesMany ? "TOUCH (@touches)" : null;

    public override string? FindTouched(CacheTable table) => touchesMany ? "FIND (@touches)" : null;

    public override string RemoveExpired(CacheTable table) => "REMOVE EXPIRED (@from_crc, @to_crc, @now, @limit)";
}
