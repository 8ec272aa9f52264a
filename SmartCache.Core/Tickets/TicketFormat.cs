using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SmartCache.Sessions;

namespace SmartCache.Tickets;

/// <summary>
/// Writes the new key of a ticket into the cookie. The handler of cookie authentication gives a sign-in over a ticket the ticket's key, and
/// its store cannot object.
/// </summary>
internal sealed class TicketFormat(ISecureDataFormat<AuthenticationTicket> inner, IHttpContextAccessor contexts) : ISecureDataFormat<AuthenticationTicket>
{
    public string Protect(AuthenticationTicket data) => inner.Protect(WithNewKey(data));

    public string Protect(AuthenticationTicket data, string? purpose) => inner.Protect(WithNewKey(data), purpose);

    public AuthenticationTicket? Unprotect(string? protectedText) => inner.Unprotect(protectedText);

    public AuthenticationTicket? Unprotect(string? protectedText, string? purpose) => inner.Unprotect(protectedText, purpose);

    private AuthenticationTicket WithNewKey(AuthenticationTicket data)
    {
        if (SessionRequest.Known(contexts, out _)?.Tickets is not { } tickets
            || data.Principal.Claims.FirstOrDefault(claim => tickets.KeyOf(claim.Value) != claim.Value) is not { } key)
        {
            return data;
        }

        var claim = new Claim(key.Type, tickets.KeyOf(key.Value), key.ValueType, key.Issuer);
        return new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([claim], key.Subject?.AuthenticationType)), data.Properties, data.AuthenticationScheme);
    }
}
