using SmartCache.Contract.Programs;

namespace SmartCache.Contract.Json;

/// <summary>A program in another language shares a session with the app, by the rules of docs/internals/schema.md.</summary>
public abstract class OtherProgramContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private static readonly Dictionary<string, object> Changes = new() { ["user"] = "eve", ["note"] = "a ☃ in 'quotes'", ["count"] = 7 };

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.PayloadFormat = PayloadFormat.Json;
    }

    [Test]
    public async Task What_another_program_wrote_is_what_the_app_sees()
    {
        await SaveAsync(("user", "bob"), ("cart", "ham"));
        Assert.That(await (await ReadByOtherAsync()).WriteAsync(), Is.EqualTo("written after 1 reads"));

        await ExpectAsync(("user", "eve"), ("note", "a ☃ in 'quotes'"), ("count", "7"), ("cart", "ham"));
    }

    [Test]
    public async Task A_request_that_runs_while_another_program_writes_loses_nothing()
    {
        await SaveAsync(("user", "bob"), ("cart", "ham"));
        var request = await LoadedAsync();
        await (await ReadByOtherAsync()).WriteAsync();
        await request.SetAsync("cart", "spam");
        await request.SetAsync("seen", "☃");
        await request.EndAsync();

        await ExpectAsync(("user", "eve"), ("note", "a ☃ in 'quotes'"), ("count", "7"), ("cart", "spam"), ("seen", "☃"));
    }

    [Test]
    public async Task Another_program_that_runs_while_a_request_saves_notices_and_loses_nothing()
    {
        await SaveAsync(("user", "bob"), ("cart", "ham"));
        var other = await ReadByOtherAsync();
        await SaveAsync(("cart", "spam"), ("seen", "☃"));

        Assert.That(await other.WriteAsync(), Is.EqualTo("written after 2 reads"));
        await ExpectAsync(("user", "eve"), ("note", "a ☃ in 'quotes'"), ("count", "7"), ("cart", "spam"), ("seen", "☃"));
    }

    private async Task<OtherProgram> ReadByOtherAsync() => Owned(await OtherProgram.ReadAsync(Engine, Table, Key, Changes));

    private Task ExpectAsync(params (string Name, string Value)[] entries) => RequestAsync(async request =>
    {
        var session = await request.LoadAsync();
        Assert.That(session.Keys, Is.EquivalentTo(entries.Select(entry => entry.Name)));
        foreach (var (name, value) in entries)
            Assert.That(await request.GetAsync(name), Is.EqualTo(value), name);
    });
}
