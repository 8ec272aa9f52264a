using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SmartCache.Contract.Owners;

/// <summary>A table that was created without the owner column works as before, until owners are asked for.</summary>
public abstract class OwnerColumnContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private RawTable _old = null!;
    private string _addOwner = null!;

    [SetUp]
    public async Task CreateOldTable()
    {
        _old = NewTable();
        await using var other = new Node(Engine, _old.Name, Time, CallStyle.Asynchronous);

        // Whatever is about the owner has a line of its own.
        var script = string.Join('\n', other.Inner.Options.CreateTableScript().Split('\n').Where(line => !line.Contains(Engine.Quote("owner"), StringComparison.Ordinal)));
        RunScript(script);
        _addOwner = other.Dialect.AddOwner(new SmartCache.Sql.CacheTable(other.Dialect, other.Dialect.Schema, _old.Name, new CacheColumns()));
    }

    [Test]
    public async Task Without_owners_an_old_table_goes_on_working([Values] ConcurrencyMode mode, [Values] bool isSecured)
    {
        var node = NewNode(
            options =>
            {
                options.Concurrency = mode;
                (options.StoreKeyHash, options.ProtectPayload) = (isSecured, isSecured);
            },
            table: _old);
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(node, key, "a", "1");
        var slow = new SimulatedRequest(node, key);
        await slow.SetAsync("b", "2");
        await SimulatedRequest.SaveAsync(node, key, "c", "3");
        await slow.EndAsync();
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        await node.Inner.FlushAsync();

        var request = new SimulatedRequest(node, key);
        Assert.That((await request.GetAsync("a"), await request.GetAsync("b"), await request.GetAsync("c")), Is.EqualTo(("1", "2", "3")));
        Assert.That(await node.Inner.Directory.CountAllAsync(), Is.EqualTo(1), "counting all needs no owners");
    }

    [Test]
    public async Task Asking_for_owners_is_an_error_with_the_statements_that_add_the_column_until_they_have_run([Values] bool isOption)
    {
        var node = NewNode(options => options.Owner = isOption ? static _ => "alice" : null, table: _old);
        var key = SimulatedRequest.NewKey();
        Assert.That(
            async () => await (isOption ? node.Cache.GetAsync("page") : (Task)node.Inner.Directory.CountAsync("alice")),
            Throws.InvalidOperationException.With.Message.Contains(isOption ? "Options.Owner" : nameof(ISessionDirectory)).And.Message.Contains(_addOwner));

        RunScript(_addOwner);
        await SimulatedRequest.SaveAsync(node, key, "a", "1");
        Assert.That(await node.Inner.Directory.CountAsync("alice"), Is.EqualTo(isOption ? 1 : 0));
    }

    [Test]
    public async Task A_sign_in_is_an_error_with_the_statements_that_add_the_column_until_they_have_run()
    {
        var services = new ServiceCollection();
        Engine.AddCache(services, _old.Name).AddSmartTicketStore().AddAuthentication().AddCookie();
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).SessionStore!;
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "alice")], "password"));
        var ticket = new AuthenticationTicket(user, CookieAuthenticationDefaults.AuthenticationScheme);
        foreach (var use in new Func<Task>[] { () => store.StoreAsync(ticket), () => store.RetrieveAsync("SmartCache.Ticket:1"), () => store.RenewAsync("SmartCache.Ticket:1", ticket) })
            Assert.That(use, Throws.InvalidOperationException.With.Message.Contains("AddSmartTicketStore").And.Message.Contains(_addOwner));

        RunScript(_addOwner);
        Assert.That((await store.RetrieveAsync(await store.StoreAsync(ticket)))!.Principal.Claims.Single().Value, Is.EqualTo("alice"));
        Assert.That(await provider.GetRequiredService<ISessionDirectory>().CountAsync("alice"), Is.EqualTo(1));
    }

    private void RunScript(string script)
    {
        foreach (var statement in script.Split(";\n").Select(static statement => statement.TrimEnd(';', '\n')).Where(static statement => statement.Length > 0))
            Engine.Alter(statement);
    }
}
