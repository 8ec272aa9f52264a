namespace SmartCache.Contract.KeyHash;

/// <summary>While a save holds a row under its plain key to give it the hash, another row gets that: a race it has lost, no error.</summary>
public abstract class HashTakenContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : ServerEngine, new()
{
    private readonly string _elsewhere = SimulatedRequest.NewKey();
    private bool _isTaken;

    [Test]
    public async Task The_save_finds_that_its_session_is_gone()
    {
        _isTaken = false;
        await RequestAsync(request => request.SetAsync("user", "ann"), NewNode(InTheClear));
        await SimulatedRequest.SaveAsync(Node, _elsewhere, "user", "bob");
        await PlayAsync("mine: load; theirs: hits=1; mine: hits=2", others: NewNode(InTheClear));

        Assert.That(_isTaken, Is.True);
        Assert.That((Table.UnderHashes.Entries(Key), Table.Entries(Key)), Is.EqualTo(("user=bob", "user=ann hits=1")));
        Assert.That(Table.Count(), Is.EqualTo(2));
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.StoreKeyHash = true;

        // A rule is asked while the save holds the row.
        options.Merge.Entry("hits").Use((_, mine, _) =>
        {
            if (!_isTaken)
            {
                Table.UnderHashes.GiveKey(_elsewhere, RawTable.Hash(Key));
                _isTaken = true;
            }

            return mine;
        });
    }

    private static void InTheClear(SmartCacheOptions options) => options.StoreKeyHash = false;

}
