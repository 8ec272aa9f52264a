using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;

namespace SmartCache.Contract.Web.Hosting;

/// <summary>The ways in which an app can start its response.</summary>
public enum ResponseStart
{
    WriteAsync,
    StartAsync,
    Body,
    BodyFlushed,
    SynchronousBody,
    BodyTakenBeforeTheSessionWasLoaded,
    BodyWriter,
    BodyWriterWriteAsync,
    BodyWriterCompleted,
    CompleteAsync,
    File,
    Json,
    ServerSentEvents,
}

public static class ResponseStarts
{
    /// <summary>What each of them sends.</summary>
    public const string Text = "all is well";

    /// <summary>Those after which the response goes on.</summary>
    public static IEnumerable<ResponseStart> Open => Enum.GetValues<ResponseStart>().Except([ResponseStart.BodyWriterCompleted, ResponseStart.CompleteAsync]);

    /// <summary>Whether the response starts past the app's own write, so that a server which gets an exception has to answer by itself.</summary>
    public static bool IsPastTheApp(this ResponseStart start) =>
        start is ResponseStart.SynchronousBody or ResponseStart.BodyTakenBeforeTheSessionWasLoaded;

    /// <summary>Uses the session, and has sent the response's first part when it returns.</summary>
    public static async Task RunAsync(this ResponseStart start, HttpContext context, Func<Task> useSession)
    {
        var response = context.Response;
        var bytes = Encoding.UTF8.GetBytes(Text);
        var body = response.Body;
        await useSession();
        switch (start)
        {
            case ResponseStart.WriteAsync:
                await response.WriteAsync(Text);
                break;
            case ResponseStart.StartAsync:
                await response.StartAsync();
                await response.BodyWriter.WriteAsync(bytes);
                break;
            case ResponseStart.Body:
                await response.Body.WriteAsync(bytes);
                break;
            case ResponseStart.BodyFlushed:
                await response.Body.FlushAsync();
                await response.Body.WriteAsync(bytes);
                break;
            case ResponseStart.SynchronousBody:
                context.Features.Get<IHttpBodyControlFeature>()!.AllowSynchronousIO = true;
                response.Body.Write(bytes);
                response.Body.Flush();
                break;
            case ResponseStart.BodyTakenBeforeTheSessionWasLoaded:
                await body.WriteAsync(bytes);
                break;
            case ResponseStart.BodyWriter:
                response.WriteUnflushed(Text);
                await response.BodyWriter.FlushAsync();
                break;
            case ResponseStart.BodyWriterWriteAsync:
                await response.BodyWriter.WriteAsync(bytes);
                break;
            case ResponseStart.BodyWriterCompleted:
                response.WriteUnflushed(Text);
                await response.BodyWriter.CompleteAsync();
                break;
            case ResponseStart.CompleteAsync:
                response.WriteUnflushed(Text);
                await response.CompleteAsync();
                break;
            case ResponseStart.File:
                await response.SendFileAsync(typeof(ResponseStarts).Assembly.Location, 0, Text.Length);
                break;
            case ResponseStart.Json:
                await response.WriteAsJsonAsync(Text);
                break;
            case ResponseStart.ServerSentEvents:
                await TypedResults.ServerSentEvents(EventsAsync()).ExecuteAsync(context);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(start), start, null);
        }
    }

    /// <summary>Writes what a server keeps until it is flushed.</summary>
    public static void WriteUnflushed(this HttpResponse response, string text) =>
        response.BodyWriter.Advance(Encoding.UTF8.GetBytes(text, response.BodyWriter.GetSpan(text.Length)));

    private static async IAsyncEnumerable<string> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.WaitAsync(cancellationToken);
        yield return Text;
    }
}
