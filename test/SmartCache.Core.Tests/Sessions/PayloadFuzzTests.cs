using SmartCache.Sessions;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>Whatever bytes come from a database: parsing never throws, and what parses is canonical.</summary>
public sealed class PayloadFuzzTests
{
    private const int Cases = 200_000;

    // The same cases in every run.
    private readonly Random _random = new(20_251_118);

    [Test]
    public void Random_bytes_never_throw_and_parse_only_if_canonical()
    {
        var parsed = 0;
        for (var i = 0; i < Cases; i++)
        {
            var bytes = new byte[_random.Next(64)];
            _random.NextBytes(bytes);
            if (bytes.Length >= SessionPayload.HeaderLength)
            {
                // Else hardly any would come past the first bytes.
                (bytes[0], bytes[1], bytes[2], bytes[3]) = (2, 0, 0, (byte)_random.Next(4));
                MakeLengthsSmall(bytes);
            }

            parsed += ParsesCanonically(bytes) ? 1 : 0;
        }

        Assert.That(parsed, Is.InRange(100, Cases - 100), "the cases are to reach both answers");
    }

    [Test]
    public void Damaged_payloads_never_throw_and_parse_only_if_canonical()
    {
        var models = new[] { Session("a=1 b=22 c=333"), Session(""), Parse(Bytes(1, ManyEntries(20))) };
        var parsed = 0;
        for (var i = 0; i < Cases; i++)
        {
            parsed += ParsesCanonically(Damage(models[i % models.Length].Array)) ? 1 : 0;
        }

        Assert.That(parsed, Is.InRange(100, Cases - 100), "the cases are to reach both answers");
    }

    private static bool ParsesCanonically(byte[] bytes)
    {
        if (!SessionPayload.TryParse(bytes, out var payload))
        {
            return false;
        }

        if (!Rewrite(payload).AsSpan().SequenceEqual(bytes))
        {
            Assert.Fail($"{Convert.ToHexString(bytes)} was taken for a session but is written differently.");
        }

        return true;
    }

    private void MakeLengthsSmall(byte[] bytes)
    {
        for (var i = SessionPayload.HeaderLength; i < bytes.Length; i++)
        {
            bytes[i] = _random.Next(4) == 0 ? (byte)_random.Next(5) : (byte)0;
        }
    }

    private byte[] Damage(byte[] whole)
    {
        var bytes = new List<byte>(whole);
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, _random.Next(bytes.Count - at));
                    break;
                case 3:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                default:
                    bytes.InsertRange(at, bytes.Skip(at).Take(_random.Next(8)).ToList());
                    break;
            }
        }

        return [.. bytes];
    }
}
