using Microsoft.AspNetCore.Http;

namespace SmartCache.Sessions;

/// <summary>Asks the app whose session the current request has.</summary>
internal sealed class RequestOwner(SmartCacheOptions options, IHttpContextAccessor? contexts)
{
    /// <returns>Null if the app does not say, or if there is no request.</returns>
    /// <exception cref="InvalidOperationException">What the app says cannot be stored.</exception>
    public string? Ask()
    {
        if (options.Owner is not { } ask || contexts?.HttpContext is not { } context || ask(context) is not { } owner)
            return null;

        return SessionOwner.FindFault(owner) is { } fault
            ? throw new InvalidOperationException($"{options.GetType().Name}.{nameof(options.Owner)} returned a text that {fault}.")
            : owner;
    }
}
