using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SmartCache.Diagnostics;
using SmartCache.Payloads;

namespace SmartCache.Rows;

/// <summary>
/// Encrypts values with ASP.NET Core's Data Protection, each for its own key and format: bytes copied to another row, or given
/// another format, cannot be decrypted. Tickets are encrypted whatever the options say.
/// </summary>
/// <param name="keyRing">Data Protection; null if the app has none.</param>
internal sealed class PayloadProtection(IDataProtectionProvider? keyRing, SmartCacheOptions options, ILogger logger)
{
    private const string Purpose = "SmartCache.Payload.v1";

    /// <summary>The write as it is to be stored.</summary>
    /// <exception cref="InvalidOperationException">It is a ticket, and the app has no Data Protection.</exception>
    public RowWrite Seal(RowWrite write, CacheKey key) => (options.ProtectPayload || write.Format == RowFormat.Ticket) && write.Value is not null
        ? write with { Value = Protector(key, write.Format).Protect(write.Value), Format = write.Format | RowFormat.Protected }
        : write;

    /// <summary>A row that was read, as the rest of the cache knows it: decrypted and parsed.</summary>
    public Row Open(Row? row, CacheKey key) => row is null ? Row.Absent : Decrypt(row, key).Parsed(key);

    private Row Decrypt(Row row, CacheKey key)
    {
        // Anyone who can write to the table could write such a row.
        if (row.Format == RowFormat.Ticket)
            throw new InvalidOperationException($"The ticket of the key with hash {key} is not encrypted. SmartCache has not written it.");

        if (!RowFormat.IsProtected(row.Format))
            return options.ProtectPayload ? Unprotected(row, key) : row;

        if (keyRing is null)
            return row with { Value = [], Failure = NoKeyRing(key) };

        var format = row.Format & ~RowFormat.Protected;
        try
        {
            return row with { Value = Protector(key, format).Unprotect(row.Value), Format = format };
        }
        catch (CryptographicException exception)
        {
            // Whether this matters depends on whether the row is live, which its reader knows.
            logger.RowUnreadable(exception, key.ToString());
            return row with { Value = [], Failure = Unreadable(key, exception) };
        }
    }

    private Row Unprotected(Row row, CacheKey key)
    {
        if (!options.RequireProtectedPayload)
            return row with { IsUnprotected = true };

        logger.RowUntrusted(key.ToString());

        // It counts as absent, like a damaged session, and the next save replaces it.
        return row with { Value = [], Format = RowFormat.Session };
    }

    private IDataProtector Protector(CacheKey key, int format) =>
        (keyRing ?? throw new InvalidOperationException("Tickets must be encrypted, but Data Protection is not registered: call services.AddDataProtection()."))
            .CreateProtector([Purpose, format.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetString(key.PlainBytes)]);

    private static InvalidOperationException NoKeyRing(CacheKey key) => new(
        $"The value of the key with hash {key} is encrypted, but Data Protection is not registered: call services.AddDataProtection().");

    private static CryptographicException Unreadable(CacheKey key, CryptographicException cause) => new(
        $"The value of the key with hash {key} cannot be decrypted and was left unchanged. Either the key ring of Data Protection does not contain, or "
        + "no longer trusts, the key that encrypted it: keep the ring where all nodes share it. Or the row was changed by other means.",
        cause);
}
