using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using SmartCache.Sessions;

namespace SmartCache.Tickets;

/// <summary>Keeps the tickets of one cookie scheme as rows. A ticket that was ended stays ended, whatever a request that still runs does.</summary>
internal sealed class TicketStore(TicketRows rows, SmartTicketStoreOptions options, CookieAuthenticationOptions scheme) : ITicketStore
{
    Task<string> ITicketStore.StoreAsync(AuthenticationTicket ticket) => StoreAsync(ticket, CancellationToken.None);

    public Task<string> StoreAsync(AuthenticationTicket ticket, CancellationToken cancellationToken) => AddAsync(RowOf(ticket), request: null, cancellationToken);

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        AddAsync(RowOf(ticket), SessionRequest.TicketsOf(httpContext), cancellationToken);

    Task<AuthenticationTicket?> ITicketStore.RetrieveAsync(string key) => RetrieveAsync(key, CancellationToken.None);

    public Task<AuthenticationTicket?> RetrieveAsync(string key, CancellationToken cancellationToken) => FindAsync(key, request: null, cancellationToken);

    public Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var request = SessionRequest.TicketsOf(httpContext);

        // The handler renews in a callback that it has registered before it asks for the ticket. This one is called earlier.
        if (httpContext.Response.HasStarted)
            request.IsResponding = true;
        else
            httpContext.Response.OnStarting(RespondAsync, request);

        return FindAsync(key, request, cancellationToken);
    }

    Task ITicketStore.RenewAsync(string key, AuthenticationTicket ticket) => RenewAsync(key, ticket, CancellationToken.None);

    public Task RenewAsync(string key, AuthenticationTicket ticket, CancellationToken cancellationToken) =>
        RenewAsync(key, ticket, known: null, cancellationToken);

    public Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var request = SessionRequest.TicketsOf(httpContext);
        key = request.KeyOf(key);
        return request.IsResponding
            ? RenewAsync(key, ticket, request.Find(key), cancellationToken)
            : SignInAsync(key, ticket, request, cancellationToken);
    }

    Task ITicketStore.RemoveAsync(string key) => RemoveAsync(key, CancellationToken.None);

    public Task RemoveAsync(string key, CancellationToken cancellationToken) => rows.RemoveAsync(rows.KeyOf(key), cancellationToken).AsTask();

    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) =>
        RemoveAsync(SessionRequest.TicketsOf(httpContext).KeyOf(key), cancellationToken);

    private static Task RespondAsync(object request)
    {
        ((RequestTickets)request).IsResponding = true;
        return Task.CompletedTask;
    }

    private async Task<string> AddAsync(TicketRow ticket, RequestTickets? request, CancellationToken token)
    {
        var key = CacheKey.TicketPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await rows.AddAsync(rows.KeyOf(key), ticket, token).ConfigureAwait(false);
        request?.Add(key, new KnownTicket(rows.KeyOf(key), ticket.Value, ticket.Lifetime));
        return key;
    }

    private async Task<AuthenticationTicket?> FindAsync(string key, RequestTickets? request, CancellationToken token)
    {
        ArgumentNullException.ThrowIfNull(key);
        var cacheKey = rows.KeyOf(key);
        if (!cacheKey.IsOfTicket || await rows.FindAsync(cacheKey, token).ConfigureAwait(false) is not { } row)
            return null;

        var ticket = Deserialize(cacheKey, row.Value);
        request?.Add(key, new KnownTicket(cacheKey, row.Value, row.Stored));
        if (row.Effective is { SlidingMs: { } sliding, ExpiresAt: var expiresAt })
        {
            // Renewals have moved the expiry, but not the value.
            ticket.Properties.ExpiresUtc = DateTimeOffset.FromUnixTimeMilliseconds(expiresAt);
            ticket.Properties.IssuedUtc = DateTimeOffset.FromUnixTimeMilliseconds(expiresAt - sliding);
        }

        return ticket;
    }

    /// <summary>The handler renews a ticket at half of its time, or because its principal was replaced.</summary>
    private async Task RenewAsync(string key, AuthenticationTicket ticket, KnownTicket? known, CancellationToken token)
    {
        var row = RowOf(ticket);
        if (known is { Stored.SlidingMs: { } sliding } && sliding == row.Lifetime.SlidingMs && IsSameButTimes(known, ticket))
            await rows.ExtendAsync(known, ticket.Properties.IssuedUtc!.Value, token).ConfigureAwait(false);
        else
            _ = await rows.TryReplaceAsync(rows.KeyOf(key), row, token).ConfigureAwait(false);
    }

    /// <summary>
    /// A sign-in over a ticket. The ticket of the same user is replaced. Otherwise the sign-in gets a key of its own: neither an ended key
    /// nor one that another user knows may become this user's.
    /// </summary>
    private async Task SignInAsync(string key, AuthenticationTicket ticket, RequestTickets request, CancellationToken token)
    {
        var row = RowOf(ticket);
        var cacheKey = rows.KeyOf(key);
        if (row.Owner is not null && request.Find(key) is { } known && options.Owner(Deserialize(cacheKey, known.Value)) == row.Owner
            && await rows.TryReplaceAsync(cacheKey, row, token).ConfigureAwait(false))
        {
            request.Add(key, new KnownTicket(cacheKey, row.Value, row.Lifetime));
            return;
        }

        if (scheme.TicketDataFormat is not TicketFormat)
        {
            throw new InvalidOperationException(
                $"{nameof(CookieAuthenticationOptions)}.{nameof(scheme.TicketDataFormat)} was set after AddSmartTicketStore had set it. Set it by services.Configure.");
        }

        request.Replace(key, await AddAsync(row, request, token).ConfigureAwait(false));
        await rows.RemoveAsync(cacheKey, token).ConfigureAwait(false);
    }

    private TicketRow RowOf(AuthenticationTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        var properties = ticket.Properties;
        var expires = (properties.ExpiresUtc ?? rows.UtcNow + scheme.ExpireTimeSpan).ToUnixTimeMilliseconds();
        var isSliding = scheme.SlidingExpiration && properties is { AllowRefresh: not false, ExpiresUtc: not null } && properties.ExpiresUtc > properties.IssuedUtc;
        var lifetime = isSliding
            ? new Lifetime(expires, (long)(properties.ExpiresUtc!.Value - properties.IssuedUtc!.Value).TotalMilliseconds, AbsoluteAt: null)
            : new Lifetime(expires, SlidingMs: null, AbsoluteAt: expires);
        var owner = options.Owner(ticket);
        return owner is not null && SessionOwner.FindFault(owner) is { } fault
            ? throw new InvalidOperationException($"{nameof(SmartTicketStoreOptions)}.{nameof(options.Owner)} returned a text that {fault}.")
            : new TicketRow(TicketSerializer.Default.Serialize(ticket), lifetime, owner);
    }

    private static bool IsSameButTimes(KnownTicket known, AuthenticationTicket ticket) =>
        WithoutTimes(Deserialize(known.Key, known.Value)).AsSpan().SequenceEqual(WithoutTimes(ticket));

    private static byte[] WithoutTimes(AuthenticationTicket ticket)
    {
        var properties = ticket.Properties.Clone();
        (properties.IssuedUtc, properties.ExpiresUtc) = (null, null);
        return TicketSerializer.Default.Serialize(new AuthenticationTicket(ticket.Principal, properties, ticket.AuthenticationScheme));
    }

    private static AuthenticationTicket Deserialize(CacheKey key, byte[] value) => TicketSerializer.Default.Deserialize(value)
        ?? throw new NotSupportedException(
            $"The ticket of the key with hash {key} has a format that this version of ASP.NET Core does not know. The row was left unchanged.");
}
