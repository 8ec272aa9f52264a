using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Web.Hosting;

namespace SmartCache.Contract.Web;

/// <summary>Sessions are kept in our cache whatever else an app registers, and in whichever order.</summary>
[NewestRelease]
public abstract class RegistrationContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>What also registers the in-memory distributed cache.</summary>
    private static readonly TestCaseData<Action<IServiceCollection>>[] Neighbours =
    [
        Neighbour("MVC", services => services.AddControllersWithViews()),
        Neighbour("Razor Pages", services => services.AddRazorPages()),
        Neighbour("the memory cache", services => services.AddDistributedMemoryCache()),
        Neighbour("everything", services => services.AddMvc().Services.AddDistributedMemoryCache().AddResponseCaching()),
    ];

    [TestCaseSource(nameof(Neighbours))]
    public async Task Registered_before_it_our_cache_is_used(Action<IServiceCollection> add) =>
        await CheckAsync(new WebSetUp { ServicesAfter = add });

    [TestCaseSource(nameof(Neighbours))]
    public async Task Registered_after_it_our_cache_is_used(Action<IServiceCollection> add) =>
        await CheckAsync(new WebSetUp { ServicesBefore = add });

    [Test]
    public async Task Registered_twice_it_is_one_cache()
    {
        var app = await StartAsync(new WebSetUp { ServicesAfter = services => Engine.AddCache(services, Table.Name) });
        var caches = app.Services.GetServices<SmartDistributedCache>();

        Assert.That(caches.Append(app.Cache).Distinct().Count(), Is.EqualTo(1));
    }

    private async Task CheckAsync(WebSetUp setUp)
    {
        var app = await StartAsync(setUp);
        var browser = app.NewBrowser();

        await browser.RunAsync(context => context.Session.SetString("a", "1"));

        Assert.That(app.Cache, Is.TypeOf<SmartDistributedCache>());
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
    }

    private static TestCaseData<Action<IServiceCollection>> Neighbour(string name, Action<IServiceCollection> add)
    {
        var data = new TestCaseData<Action<IServiceCollection>>(add);
        data.SetArgDisplayNames(name);
        return data;
    }
}
