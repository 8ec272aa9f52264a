using System.Diagnostics.Metrics;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>What the meter <c>SmartCache</c> has counted since the reading began.</summary>
public sealed class MeterReading : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _totals = [];
    private readonly MeterListener _listener = new();

    public MeterReading()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == nameof(SmartCache))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, measurement, _, _) => _totals.AddOrUpdate(instrument.Name, measurement, (_, total) => total + measurement));
        _listener.Start();
    }

    public long Merged => Total("smartcache.session.merged");
    public long Conflicts => Total("smartcache.session.conflicts");
    public long Discarded => Total("smartcache.session.discarded");
    public long Unmerged => Total("smartcache.session.unmerged");

    public void Dispose() => _listener.Dispose();

    private long Total(string instrument) => _totals.GetValueOrDefault(instrument);
}
