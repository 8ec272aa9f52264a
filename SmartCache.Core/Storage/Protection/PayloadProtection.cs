using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using SmartCache.Diagnostics;
using SmartCache.Keys;

namespace SmartCache.Storage.Protection;

/// <summary>
/// Encrypts values with ASP.NET Core's Data Protection, each for its own key and format: bytes that somebody has put into
/// another row, or calls something else, cannot be read.
/// </summary>
/// <param name="keyRing">Data Protection; null if the app has none.</param>
/// <param name="options">Whether values are to be encrypted; those that are can be read in any case.</param>
/// <param name="logger">Where it is said that a value cannot be read.</param>
internal sealed class PayloadProtection(IDataProtectionProvider? keyRing, SmartCacheOptions options, ILogger logger)
{
    private const string Purpose = "SmartCache.Payload.v1";

    /// <summary>What is to be written, as it is to be stored.</summary>
    public RowWrite Seal(RowWrite write, CacheKey key) => options.ProtectPayload
        ? write with { Value = Protector(key, write.Format).Protect(write.Value), Format = write.Format | RowFormat.Protected }
        : write;

    /// <inheritdoc cref="Seal(RowWrite, CacheKey)"/>
    public MergeStep Seal(MergeStep step, CacheKey key) => step.WritesValue ? step with { Write = Seal(step.Write, key) } : step;

    /// <summary>A row as the rest of the cache knows it: whatever it was stored as, its value is in the clear.</summary>
    public CacheRow? Open(CacheRow? row, CacheKey key)
    {
        if (row is null || !RowFormat.IsProtected(row.Format))
        {
            return options.ProtectPayload && row is not null ? InTheClear(row, key) : row;
        }

        if (keyRing is null)
        {
            return row with { Value = [], Failure = NoKeyRing(key) };
        }

        var format = row.Format & ~RowFormat.Protected;
        try
        {
            return row with { Value = Protector(key, format).Unprotect(row.Value), Format = format };
        }
        catch (CryptographicException exception)
        {
            // Whether that matters depends on whether the row is alive, which its reader knows.
            logger.RowUnreadable(exception, key.ToString());
            return row with { Value = [], Failure = Unreadable(key, exception) };
        }
    }

    private CacheRow InTheClear(CacheRow row, CacheKey key)
    {
        if (!options.RequireProtectedPayload)
        {
            return row with { IsUnprotected = true };
        }

        logger.RowUntrusted(key.ToString());

        // As a session that is none it counts as absent, and the next store replaces it.
        return row with { Value = [], Format = RowFormat.Session };
    }

    private IDataProtector Protector(CacheKey key, int format) =>
        keyRing!.CreateProtector([Purpose, format.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(key.PlainBytes)]);

    private static InvalidOperationException NoKeyRing(CacheKey key) => new(
        $"The value of the key with hash {key} is encrypted, but Data Protection is not among the services: call services.AddDataProtection().");

    private static CryptographicException Unreadable(CacheKey key, CryptographicException cause) => new(
        $"The value of the key with hash {key} cannot be decrypted, and was left as it is. Either the key ring of Data Protection does not hold, or "
        + "no longer trusts, the key that encrypted it: keep the ring where all nodes share it; or the row was changed by other means.",
        cause);
}
