using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json.Serialization;
using RaceLab.CommandLine;
using RaceLab.Contenders;
using RaceLab.Racing;

namespace RaceLab.Web;

/// <summary>Serves the page and, as server-sent events, the races it asks for.</summary>
internal static class LabPage
{
    public static async Task<int> RunAsync(Lab lab, LabArguments arguments, CancellationToken stopping)
    {
        var builder = LabHost.CreateBuilder();
        builder.WebHost.UseUrls(arguments.Urls ?? builder.Configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl());
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));

        await using var app = builder.Build();
        MapFile(app, "/", "index.html", "text/html; charset=utf-8");
        MapFile(app, "/lab.css", "lab.css", "text/css; charset=utf-8");
        MapFile(app, "/lab.js", "lab.js", "text/javascript; charset=utf-8");
        app.MapGet("/lab", () => LabInfo.Of(lab, arguments.Settings));
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
            return ExitCode.NotProven;
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
        return ExitCode.Proven;
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
        using var probe = new TcpListener(IPAddress.Loopback, LabArguments.DefaultPort);
        try
        {
            probe.Start();
            return $"http://127.0.0.1:{LabArguments.DefaultPort}";
        }
        catch (SocketException)
        {
            return LabHost.AnyPort;
        }
    }
}
