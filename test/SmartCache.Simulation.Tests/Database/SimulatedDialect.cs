using SmartCache.Sql;

namespace SmartCache.Simulation;

/// <summary>A text for each statement that a dialect spells; what they mean is in <see cref="RowStatements"/>.</summary>
/// <param name="touchesMany">Whether many rows are touched by one statement.</param>
/// <param name="shares">Whether reads and saves of several sessions share statements.</param>
internal sealed class SimulatedDialect(bool touchesMany, bool shares) : SqlDialect
{
    private const string Values = "@crc, @key, @value, @format, @version, @expires_at, @sliding_ms, @absolute_at, @now";
    private const string Many = "@crc_array, @key_array, @value_array, @format_array, @version_array, @expires_at_array, @sliding_ms_array, @absolute_at_array, @now";

    public override string EngineName => "Simulation";
    public override string? BeginMerge => "BEGIN";
    public override string OwnerType => "TEXT";

    public override bool IsTransient(Exception exception) => exception is SimulatedFault { IsTransient: true };

    public override bool IsConflict(Exception exception) => exception is SimulatedFault { IsConflict: true };

    public override bool IsLostRace(Exception exception) => exception is SimulatedFault { IsLostRace: true };

    public override string DescribeTable(CacheTable table) => "DESCRIBE";

    public override string CreateTable(CacheTable table) => "CREATE";

    public override string Insert(CacheTable table) => $"INSERT ({Values})";

    public override string Upsert(CacheTable table) => $"UPSERT ({Values})";

    public override string? FromMany(CacheTable table, int rows, bool hashesKeys) => shares ? "FROM MANY (@crc_array, @key_array)" : null;

    public override string? UpdateMany(CacheTable table, int rows, bool keepsVersions) =>
        shares ? $"UPDATE MANY ({Many}, @old_version_array{(keepsVersions ? ", @recent_versions_array" : "")})" : null;

    public override string? InsertMany(CacheTable table, int rows) => shares ? $"INSERT MANY ({Many})" : null;

    public override string? TouchMany(CacheTable table) => touchesMany ? "TOUCH (@touches)" : null;

    public override string? FindTouched(CacheTable table) => touchesMany ? "FIND (@touches)" : null;

    public override string RemoveExpired(CacheTable table) => "REMOVE EXPIRED (@from_crc, @to_crc, @now, @limit)";
}
