using System.Buffers;

namespace SmartCache.Contract.Values;

/// <summary>The half of the interface that HybridCache uses: buffers instead of arrays.</summary>
[NewestRelease]
[StyleVariants(differ: true)]
public abstract class BufferContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_value_is_written_to_the_callers_buffer_and_a_missing_one_leaves_it_alone()
    {
        await Cache.SetAsync("key", [1, 2, 3], Expires.ByDefault);
        var buffer = new ArrayBufferWriter<byte>();
        Assert.That(await Cache.TryGetAsync("other", buffer), Is.False);
        Assert.That(buffer.WrittenCount, Is.Zero);
        Assert.That(await Cache.TryGetAsync("key", buffer), Is.True);
        Assert.That(buffer.WrittenSpan.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_value_larger_than_the_buffers_blocks_is_written_whole()
    {
        var value = new byte[300_000];
        new Random(1).NextBytes(value);
        await Cache.SetAsync("key", value, Expires.ByDefault);
        var buffer = new ArrayBufferWriter<byte>(16);

        Assert.That(await Cache.TryGetAsync("key", buffer), Is.True);
        Assert.That(buffer.WrittenSpan.SequenceEqual(value), Is.True);
    }

    [Test]
    public async Task A_sequence_of_several_segments_is_written_as_one_value_and_is_the_callers_again()
    {
        var rented = new byte[] { 1, 2 };
        await Cache.SetAsync("key", Segment.Sequence(rented, [], [3], [4, 5, 6]), Expires.ByDefault);
        Array.Clear(rented);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public async Task An_empty_sequence_is_a_value()
    {
        await Cache.SetAsync("key", ReadOnlySequence<byte>.Empty, Expires.ByDefault);

        Assert.That(await Cache.TryGetAsync("key", new ArrayBufferWriter<byte>()), Is.True);
        Assert.That(Table.Row("key").Value, Is.Empty);
    }
}

/// <summary>Builds sequences of several pieces of memory.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    private Segment(byte[] bytes, Segment? before)
    {
        Memory = bytes;
        if (before is not null)
        {
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }

    public static ReadOnlySequence<byte> Sequence(params byte[][] pieces)
    {
        var first = new Segment(pieces[0], null);
        var last = pieces.Skip(1).Aggregate(first, static (before, piece) => new Segment(piece, before));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
