using Npgsql;

namespace SmartCache.Crash.Engines;

/// <summary>PostgreSQL's own check (amcheck) of the table, and of its indexes against themselves and against the table.</summary>
internal static class PostgresCheck
{
    public static async Task<IReadOnlyList<string>> FindDamageAsync(CrashEngine engine)
    {
        try
        {
            await engine.ListAsync("CREATE EXTENSION IF NOT EXISTS amcheck");
            await engine.ListAsync("SELECT bt_index_check(indexrelid, heapallindexed => true) FROM pg_index WHERE indrelid = 'smart_cache'::regclass");
            return await engine.ListAsync("SELECT blkno, offnum, attnum, msg FROM verify_heapam('smart_cache')");
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.DataCorrupted)
        {
            return [exception.MessageText];
        }
    }
}
