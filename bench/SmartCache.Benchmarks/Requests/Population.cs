using System.Buffers.Binary;
using System.Text;
using SmartCache.Payloads;

namespace SmartCache.Benchmarks;

/// <summary>The sessions that are in the table from the start. They are the same in every run.</summary>
internal sealed class Population(IReadOnlyList<string> keys, SamplePayload payload)
{
    public Population(int count, SamplePayload payload)
        : this(Create(count), payload)
    {
    }

    public IReadOnlyList<string> Keys { get; } = keys;
    public SamplePayload Payload { get; } = payload;

    private static IReadOnlyList<string> Create(int count)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(_ => SessionKeys.Create(random, SessionKeys.Seeded))];
    }
}

/// <summary>Keys as the stock session middleware makes them. One digit tells which rows were there from the start.</summary>
internal static class SessionKeys
{
    /// <summary>Where that digit is, counted from 1 as SQL does.</summary>
    public const int MarkPosition = 15;

    public const char Seeded = '0';
    public const char New = '1';

    public static string Create(Random random, char mark)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return string.Create(36, (new Guid(bytes), mark), static (text, key) =>
        {
            key.Item1.TryFormat(text, out _);
            text[MarkPosition - 1] = key.mark;
        });
    }
}

/// <summary>
/// A session of ten entries in the stock middleware's format, of an exact size. Each value begins with eight bytes in
/// which a save leaves its number, so that what was acknowledged can be looked for afterwards.
/// </summary>
internal sealed class SamplePayload
{
    /// <summary>The entries that requests of a conflict change, each request another one.</summary>
    public const int NumberedEntries = 8;

    private static readonly (string Name, int Length)[] SmallEntries =
    [
        ("visits", 8), ("user-id", 16), ("user-name", 24), ("culture", 10), ("csrf-token", 44),
        ("last-seen", 12), ("return-url", 60), ("theme", 8), ("flash", 40),
    ];

    private readonly byte[] _template;
    private readonly int[] _values;

    public SamplePayload(int size)
    {
        const string Rest = "cart";
        var position = SessionPayload.HeaderLength;
        var small = SmallEntries.Sum(entry => Overhead(entry.Name) + entry.Length);
        (string Name, int Length)[] entries = [.. SmallEntries, (Rest, size - position - small - Overhead(Rest))];

        // Text that a database cannot compress to nothing, the same in every run.
        var random = new Random(1);
        _template = new byte[size];
        _values = new int[entries.Length];
        SessionPayload.WriteHeader(_template, entries.Length, new byte[SessionPayload.IdLength]);
        for (var i = 0; i < entries.Length; i++)
        {
            var (name, length) = entries[i];
            BinaryPrimitives.WriteUInt16BigEndian(_template.AsSpan(position), (ushort)name.Length);
            Encoding.ASCII.GetBytes(name, _template.AsSpan(position + 2));
            BinaryPrimitives.WriteInt32BigEndian(_template.AsSpan(position + 2 + name.Length), length);
            _values[i] = position += Overhead(name);
            random.GetItems("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789{}:,"u8, _template.AsSpan(position, length));
            position += length;
        }
    }

    public int Size => _template.Length;

    /// <summary>A session of its own.</summary>
    public byte[] Create(Random random)
    {
        var bytes = (byte[])_template.Clone();
        random.NextBytes(bytes.AsSpan(4, SessionPayload.IdLength));
        return bytes;
    }

    /// <summary>A copy in which one entry has another value.</summary>
    public byte[] With(byte[] session, int entry, long number)
    {
        var copy = (byte[])session.Clone();
        BinaryPrimitives.WriteInt64BigEndian(copy.AsSpan(_values[entry]), number);
        return copy;
    }

    public long NumberIn(byte[] session, int entry) => BinaryPrimitives.ReadInt64BigEndian(session.AsSpan(_values[entry]));

    private static int Overhead(string name) => SessionEntry.MinLength + name.Length;
}
