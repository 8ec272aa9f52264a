using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json.Serialization;
using RaceLab.Racing;
using SmartCache.Engines;

namespace RaceLab.Web;

/// <summary>Serves the page and, as server-sent events, the races it asks for.</summary>
internal static class LabPage
{
    public const int DefaultPort = 5080;

    public static async Task<int> RunAsync(Lab lab, RaceSettings start, string? urls, CancellationToken stopping)
    {
        var builder = LabHost.CreateBuilder();
        builder.WebHost.UseUrls(urls ?? builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl());
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));

        await using var app = builder.Build();
        MapFile(app, "/", "index.html", "text/html; charset=utf-8");
        MapFile(app, "/lab.css", "lab.css", "text/css; charset=utf-8");
        MapFile(app, "/lab.js", "lab.js", "text/javascript; charset=utf-8");
        app.MapGet("/lab", () => LabInfo.Of(lab, start));
        app.MapPost("/races", (RaceSettings settings, CancellationToken aborted) => settings.IsValid
            ? TypedResults.ServerSentEvents(lab.RaceAsync(settings, aborted))
            : Results.BadRequest());

        try
        {
            await app.StartAsync(stopping);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCode.Failed;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--urls cannot be used. {exception.Message}.");
        }

        Console.WriteLine(
            $"""
            The race laboratory is open: {string.Join(" ", app.Urls)}
            {lab.Engine.Description}; its rows are in {lab.Engine.Location}, removed at the end.
            Ctrl-C stops it.
            """);
        await app.WaitForShutdownAsync(stopping);
        return ExitCode.Done;
    }

    private static void MapFile(WebApplication app, string path, string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        app.MapGet(path, () => Results.Text(text, contentType));
    }

    private static string DefaultUrl()
    {
        using var probe = new TcpListener(IPAddress.Loopback, DefaultPort);
        try
        {
            probe.Start();
            return $"http://127.0.0.1:{DefaultPort}";
        }
        catch (SocketException)
        {
            return LabHost.AnyPort;
        }
    }
}

/// <summary>What the page needs before the first race.</summary>
internal sealed record LabInfo(string Engine, string Location, string Registration, string HowCounted, LabInfo.Limits Rounds, LabInfo.Limits Requests)
{
    public static LabInfo Of(Lab lab, RaceSettings settings) => new(
        lab.Engine.Description,
        lab.Engine.Location,
        lab.Engine.Registration,
        lab.HowCounted,
        new Limits(RaceSettings.MinRounds, RaceSettings.MaxRounds, settings.Rounds),
        new Limits(RaceSettings.MinRequests, RaceSettings.MaxRequests, settings.Requests));

    internal sealed record Limits(int Min, int Max, int Start);
}
