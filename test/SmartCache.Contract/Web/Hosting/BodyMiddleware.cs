namespace SmartCache.Contract.Web.Hosting;

/// <summary>Middleware that puts a body of its own in front of the server's.</summary>
public enum BodyMiddleware
{
    Compression,
    Caching,
    OutputCaching,
}

public static class BodyMiddlewares
{
    /// <summary>The services of all of them.</summary>
    public static void AddServices(IServiceCollection services) => services.AddResponseCompression().AddResponseCaching().AddOutputCache();

    public static void Use(this BodyMiddleware middleware, IApplicationBuilder app) => _ = middleware switch
    {
        BodyMiddleware.Compression => app.UseResponseCompression(),
        BodyMiddleware.Caching => app.UseResponseCaching(),
        BodyMiddleware.OutputCaching => app.UseOutputCache(),
        _ => throw new ArgumentOutOfRangeException(nameof(middleware), middleware, null),
    };
}
