using SmartCache.Keys;
using SmartCache.Storage.Works;

namespace SmartCache.Storage.Legacy;

/// <summary>Reads our row; only where there is none, not even an expired one, looks into the old table, without a lock.</summary>
internal sealed class LookUpWork(StatementSet statements, CacheKey key, long now) : StoreWork<LookUp>
{
    public override bool Writes => false;

    public override async ValueTask<LookUp> RunAsync(StoreConnection connection, bool async, CancellationToken cancellationToken)
    {
        if (await ReadRowWork.ReadAsync(connection, statements.Read, key, async, cancellationToken).ConfigureAwait(false) is { } row)
        {
            return new LookUp(row, IsInLegacyTable: false);
        }

        if (statements.LegacyFor(key) is not { } legacy)
        {
            return default;
        }

        var found = await legacy.ReadAsync(connection, legacy.LookUp, key, async, cancellationToken).ConfigureAwait(false);
        if (found.Exists(old => old?.Lifetime.IsLiveAt(now) == true))
        {
            return new LookUp(null, IsInLegacyTable: true);
        }

        // Somebody may have moved it since the first look.
        return found.Count == 0
            ? default
            : new LookUp(await ReadRowWork.ReadAsync(connection, statements.Read, key, async, cancellationToken).ConfigureAwait(false), IsInLegacyTable: false);
    }
}
