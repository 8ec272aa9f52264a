using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace SmartCache;

/// <summary>Where the tickets of cookie authentication are kept, and whose they are.</summary>
public sealed class SmartTicketStoreOptions
{
    /// <summary>The name of the keyed cache that keeps the tickets.</summary>
    /// <value>The default is null: the cache without a key.</value>
    public string? CacheName { get; set; }

    /// <summary>The cookie schemes whose tickets are kept.</summary>
    /// <value>The default is empty: all cookie schemes.</value>
    public ICollection<string> Schemes { get; } = [];

    /// <summary>
    /// Whose ticket it is, for <see cref="ISessionDirectory"/>. Return the same text as <see cref="SmartCacheOptions.Owner"/> does, so that one
    /// call ends a user's sessions and tickets. The delegate is asked at each sign-in, and when a ticket's principal is replaced.
    /// </summary>
    /// <value>
    /// At most 255 bytes as UTF-8; null for no owner. The default returns the principal's claim of the type
    /// <see cref="ClaimTypes.NameIdentifier"/>.
    /// </value>
    public Func<AuthenticationTicket, string?> Owner { get; set; } = static ticket => ticket.Principal.FindFirst(ClaimTypes.NameIdentifier)?.Value;
}
