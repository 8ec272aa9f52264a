namespace SmartCache.Contract.Web.Processes;

/// <summary>The app that several processes run: what its requests do, it must be told by address.</summary>
public static class NodeApp
{
    private static readonly ConcurrentDictionary<string, Meeting> Meetings = [];

    /// <summary>Starts it on a table of an engine's database, with the real clock.</summary>
    public static Task<WebApp> StartAsync(TestEngine engine, string connectionString, string table, ConcurrencyMode concurrency) => WebApp.StartAsync(
        services => engine.AddCache(services, options =>
        {
            options.ConnectionString = connectionString;
            options.TableName = table;
            options.Concurrency = concurrency;
        }),
        TimeProvider.System,
        new WebSetUp { Endpoints = Map });

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/set/{name}/meeting/{meeting}/of/{size:int}", SetAsync);
        endpoints.Map("/names", context => context.Response.WriteAsync(string.Join('\n', context.Session.Keys)));
    }

    private static async Task SetAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var size = int.Parse((string)values["size"]!, CultureInfo.InvariantCulture);
        await context.Session.LoadAsync();
        await Meetings.GetOrAdd((string)values["meeting"]!, _ => new Meeting(size)).ArriveAsync();
        context.Session.SetString((string)values["name"]!, "here");
    }
}
