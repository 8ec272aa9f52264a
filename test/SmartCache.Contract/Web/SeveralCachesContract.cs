using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Hybrid;
using SmartCache.Contract.Tickets;

namespace SmartCache.Contract.Web;

/// <summary>One app keeps its sessions, its sign-ins, its own values and the second level of its HybridCache in caches of their own.</summary>
[NewestRelease]
public abstract class SeveralCachesContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const int Workers = 8;
    private const int Rounds = 40;
    private const int WorkersPerSession = 2;

    // What it returns then comes from SmartCache.
    private static readonly HybridCacheEntryOptions SecondLevel = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    [Test]
    public async Task Under_load_each_keeps_its_own_values([Values] Layout layout)
    {
        var (pages, parts, tickets) = layout == Layout.OneTable ? (Table, Table, Table) : (NewTable(), NewTable(), NewTable());
        var file = Owned(new OtherFile());
        await using var source = Engine.CreateDataSource();
        var app = await StartAsync(
            services =>
            {
                Add(services, "sessions", Table);
                if (layout == Layout.TwoDatabases)
                    file.AddCache(services, "pages");
                else
                    Add(services, "pages", pages);

                Add(services, "parts", parts);
                Add(services, "tickets", tickets);
                UseForSessions(services);
                services.AddHybridCache(static options => options.DistributedCacheServiceKey = "parts");
            },
            SignIns.With(new WebSetUp(), tickets: static options => options.CacheName = "tickets"));
        var browsers = Enumerable.Range(0, Workers / WorkersPerSession).Select(_ => app.NewBrowserWithKey()).ToList();
        var others = Enumerable.Range(0, Workers).Select(_ => app.NewBrowser()).ToList();
        foreach (var (browser, user) in browsers.Select(static (browser, number) => (browser, $"user {number}")))
            await browser.RunAsync(context => context.SignInAsync(SignIns.User(user)));

        await TogetherAsync(Workers, async worker =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var user = $"user {worker / WorkersPerSession}";
                await browsers[worker / WorkersPerSession].RunAsync(context => UseAllAsync(context, $"{worker}-{round}", user));

                // Each worker signs in and out beside that, as another user.
                await others[worker].RunAsync(context => round % 2 == 0 ? context.SignInAsync(SignIns.User($"guest {worker}")) : context.SignOutAsync());
            }
        });

        var services = app.Services;
        foreach (var (browser, number) in browsers.Select(static (browser, number) => (browser, number)))
        {
            var names = from worker in Enumerable.Range(number * WorkersPerSession, WorkersPerSession)
                        from round in Enumerable.Range(0, Rounds)
                        select $"{worker}-{round}";
            Assert.That(Table.Entries(browser.Key)!.Split(' '), Is.EquivalentTo(names.Select(static name => $"{name}={name}")));
        }

        foreach (var name in from worker in Enumerable.Range(0, Workers) from round in Enumerable.Range(0, Rounds) select $"{worker}-{round}")
        {
            Assert.That(await services.GetRequiredKeyedService<IDistributedCache>("pages").GetStringAsync($"page {name}"), Is.EqualTo(name));
            Assert.That(await FromHybridAsync(services, name), Is.EqualTo(name));
        }

        var (sessions, values) = (browsers.Count, Workers * Rounds);
        Assert.That(Table.Count(), Is.EqualTo(layout == Layout.OneTable ? sessions + (2 * values) + sessions : sessions));
        Assert.That(tickets.Ask($"SELECT COUNT(*) FROM {{0}} WHERE {Engine.Quote("format")} = 19"), Is.EqualTo(sessions), "those who signed out are gone");
        if (layout != Layout.OneTable)
            Assert.That(parts.Count(), Is.EqualTo(values));

        if (layout == Layout.OneDatabase)
            Assert.That(pages.Count(), Is.EqualTo(values));

        await app.DisposeAsync();
        Assert.That(app.Logs.At(LogLevel.Warning), Is.Empty, "disposal was clean");

        void Add(IServiceCollection services, string key, RawTable table) => Engine.AddCache(
            services,
            table.Name,
            options =>
            {
                options.ExpiredRemovalInterval = null;
                if (layout == Layout.OneTable)
                    (options.ConnectionString, options.DataSource) = (null, source);
            },
            key);
    }

    [Test]
    public async Task A_logout_is_done_when_the_headers_arrive([Values] SessionCache cache)
    {
        var end = new Gate();
        var app = await StartAsync(
            services =>
            {
                if (cache == SessionCache.BehindAnother)
                {
                    Engine.AddCache(services, Table.Name);
                    services.AddSingleton<IDistributedCache>(static all => new StyledCache(all.GetRequiredService<SmartDistributedCache>(), CallStyle.Synchronous));
                    return;
                }

                if (cache == SessionCache.KeyedBesideOneWithoutAKey)
                    Engine.AddCache(services, NewTable().Name, static options => options.CommitBeforeResponse = false);

                Engine.AddCache(services, Table.Name, key: "sessions");
                UseForSessions(services);
            },
            new WebSetUp
            {
                Inside = inside => inside.Use(async (context, next) =>
                {
                    await next(context);
                    if (context.Response.HasStarted)
                        await end.PassAsync();
                }),
            });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("user", "ann"));
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("user=ann"));

        using var response = await browser.SendAsync(
            static async context =>
            {
                context.AbandonSession();
                await context.Response.WriteAsync("bye");
            },
            HttpCompletionOption.ResponseHeadersRead);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Table.Find(browser.Key), Is.Null);
        end.Open();
        await response.Content.ReadAsStringAsync();
        Assert.That(Table.Find(browser.Key), Is.Null);
    }

    private static async Task UseAllAsync(HttpContext context, string name, string user)
    {
        Assert.That(context.User.Claims.Single().Value, Is.EqualTo(user));
        var services = context.RequestServices;
        var (pages, parts) = (services.GetRequiredKeyedService<IDistributedCache>("pages"), services.GetRequiredService<HybridCache>());
        await context.Session.LoadAsync();
        context.Session.SetString(name, name);
        await pages.SetStringAsync($"page {name}", name);
        await parts.SetAsync($"part {name}", name, SecondLevel);
        Assert.That(await pages.GetStringAsync($"page {name}"), Is.EqualTo(name));
        Assert.That(await FromHybridAsync(services, name), Is.EqualTo(name));
    }

    private static ValueTask<string> FromHybridAsync(IServiceProvider services, string name) => services.GetRequiredService<HybridCache>().GetOrCreateAsync(
        $"part {name}", static _ => ValueTask.FromResult("not in the second level"), SecondLevel);

    /// <summary>The documented line.</summary>
    private static void UseForSessions(IServiceCollection services) =>
        services.AddSingleton(all => all.GetRequiredKeyedService<IDistributedCache>("sessions"));

    /// <summary>Where the caches of one app are.</summary>
    public enum Layout
    {
        OneTable,
        OneDatabase,
        TwoDatabases,
    }

    /// <summary>What the sessions use.</summary>
    public enum SessionCache
    {
        Keyed,
        KeyedBesideOneWithoutAKey,
        BehindAnother,
    }

    /// <summary>A SQLite file beside the engine's own database.</summary>
    private sealed class OtherFile : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("smartcache-");

        public void AddCache(IServiceCollection services, string key) => EngineFamily.Of("sqlite").AddCache(
            services,
            options => (options.ConnectionString, options.ExpiredRemovalInterval) = ($"Data Source={Path.Combine(_folder.FullName, "pages.db")}", null),
            key);

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return default;
        }
    }
}
