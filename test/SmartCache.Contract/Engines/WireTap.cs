namespace SmartCache.Contract.Engines;

/// <summary>Counts round trips: how often the driver speaks after the server did.</summary>
public sealed class WireTap(string host, int port) : TcpRelay(host, port)
{
    private long _roundTrips;

    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    protected override IRelayListener Listen() => new Counter(this);

    private sealed class Counter(WireTap tap) : IRelayListener
    {
        private int _isDriversTurn = 1;

        public ValueTask<bool> MayPassToServerAsync()
        {
            Interlocked.Add(ref tap._roundTrips, Interlocked.Exchange(ref _isDriversTurn, 0));
            return new(true);
        }

        public ValueTask<bool> MayPassToDriverAsync()
        {
            Interlocked.Exchange(ref _isDriversTurn, 1);
            return new(true);
        }
    }
}
