namespace SmartCache.Fuzz.Models;

/// <summary>What a payload is, said in another way: by reading it as one would by hand.</summary>
internal sealed record ReferencePayload(byte[] Id, List<(string Name, byte[] Value)> Entries)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null if the bytes are no canonical payload.</summary>
    public static ReferencePayload? Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            if (reader.ReadByte() != 2)
                return null;

            var count = Number(reader, 3);
            var id = Exactly(reader, 16);
            var entries = new List<(string, byte[])>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                var name = Strict.GetString(Exactly(reader, Number(reader, 2)));
                entries.Add((name, Exactly(reader, Number(reader, 4))));
                if (!names.Add(name))
                    return null;
            }

            return reader.BaseStream.Position == bytes.Length ? new ReferencePayload(id, entries) : null;
        }
        catch (Exception exception) when (exception is EndOfStreamException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static long Number(BinaryReader reader, int bytes)
    {
        var number = 0L;
        for (var i = 0; i < bytes; i++)
        {
            number = (number << 8) | reader.ReadByte();
        }

        return number;
    }

    private static byte[] Exactly(BinaryReader reader, long count) =>
        count <= reader.BaseStream.Length - reader.BaseStream.Position ? reader.ReadBytes((int)count) : throw new EndOfStreamException();
}
