namespace SmartCache.Keys;

/// <summary>
/// CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320): the value MySQL's <c>CRC32()</c>, zlib's
/// <c>crc32()</c> and Perl's <c>String::CRC32</c> give, so that any program can compute the lookup key.
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = CreateTable();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
            }

            table[i] = crc;
        }

        return table;
    }
}
