using System.Text;
using SmartCache.Keys;

namespace SmartCache.Core.Tests.Keys;

public sealed class Crc32Tests
{
    // The check value of the CRC catalogue, and what MySQL's CRC32() and zlib give for the others.
    [TestCase("", 0u)]
    [TestCase("123456789", 0xCBF43926u)]
    [TestCase("a", 0xE8B7BE43u)]
    [TestCase("MySQL", 3259397556u)]
    [TestCase("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void The_crc_is_the_one_of_zlib_and_MySQL(string text, uint crc) =>
        Assert.That(Crc32.Compute(Encoding.UTF8.GetBytes(text)), Is.EqualTo(crc));

    [Test]
    public void Every_byte_value_counts()
    {
        var bytes = new byte[256];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)i;
        }

        Assert.That(Crc32.Compute(bytes), Is.EqualTo(0x29058C73u));
    }

    [TestCase(1, 0xD202EF8Du)]
    [TestCase(4, 0x2144DF1Cu)]
    [TestCase(32, 0x190A55ADu)]
    public void Runs_of_zero_bytes_of_different_length_differ(int length, uint crc) =>
        Assert.That(Crc32.Compute(new byte[length]), Is.EqualTo(crc));
}
