namespace SmartCache.Simulation;

/// <summary>A node's options.</summary>
internal sealed class SimulationOptions : SmartCacheOptions
{
    private readonly SimulatedDialect _dialect;

    public SimulationOptions(Setting setting)
    {
        _dialect = setting.Dialect;
        Concurrency = setting.Concurrency;
        CoalescingConnections = setting.CoalescingConnections;
        RefreshMode = setting.RefreshMode;
        RemovedDuringRequest = setting.RemovedDuringRequest;
        ExpiredRemovalInterval = Setting.SweepInterval;
        ExpiredRemovalGracePeriod = Setting.Grace;
        if (setting.Counts)
            Merge.Entry(Counter.Name).Add(EntryNumber.SetString);
    }

    public override string CreateTableScript() => _dialect.CreateTableScript(this);
}
