using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace RaceLab.Contenders;

/// <summary>What the laboratory's hosts have in common.</summary>
internal static class LabHost
{
    /// <summary>Kestrel on a free port of this machine.</summary>
    public const string AnyPort = "http://127.0.0.1:0";

    public static WebApplicationBuilder CreateBuilder()
    {
        var builder = WebApplication.CreateBuilder();

        // The output stream belongs to the results. At level Information the session middleware would also read every
        // session once more before storing it.
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // That it listens elsewhere than the environment says is meant, and a host that cannot start is told of in one sentence.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Error);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        builder.Services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new MemoryKeys();
            options.XmlEncryptor = new NullXmlEncryptor();
        });
        return builder;
    }
}
