using System.Buffers;

namespace SmartCache.Contract.Values;

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
