using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>Leaves the session cookie readable: a test knows its key, can give one out, and two processes agree on it.</summary>
public sealed class OpenDataProtection : IDataProtectionProvider, IDataProtector
{
    public IDataProtector CreateProtector(string purpose) => this;

    public byte[] Protect(byte[] plaintext) => plaintext;

    public byte[] Unprotect(byte[] protectedData) => protectedData;
}
