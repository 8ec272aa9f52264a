namespace SmartCache.Contract;

/// <summary>A contract about sessions: it holds in both concurrency modes.</summary>
[SessionVariants(differ: false)]
public abstract class SessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    protected string Key { get; private set; } = null!;

    [SetUp]
    public void ChooseKey() => Key = SimulatedRequest.NewKey();

    protected override void Configure(SmartCacheOptions options) => options.Concurrency = mode;

    protected SimulatedRequest Begin(Node? node = null) => new(node ?? Node, Key);

    protected async Task<SimulatedRequest> LoadedAsync(Node? node = null)
    {
        var request = Begin(node);
        await request.LoadAsync();
        return request;
    }

    protected async Task RequestAsync(Func<SimulatedRequest, Task> what, Node? node = null)
    {
        var request = Begin(node);
        await what(request);
        await request.EndAsync();
    }

    protected Task SaveAsync(params (string Name, string Value)[] entries) => RequestAsync(async request =>
    {
        foreach (var (name, value) in entries)
            await request.SetAsync(name, value);
    });

    /// <summary>
    /// Plays requests of the test's session, such as <c>mine: a=1 -b; theirs: c=2; mine: commit clear</c>. Theirs are whole
    /// requests. Any other name is one request, which loads the session with its first part and ends with the script.
    /// <c>clock: 5</c> advances the clock by minutes; <c>row: a=1</c> asserts what the row holds by then, or <c>none</c>.
    /// A step sets an entry (<c>a=1</c>), removes one (<c>-a</c>), asserts that the request sees none (<c>!a</c>), or has a name.
    /// </summary>
    protected async Task PlayAsync(string script, Func<SimulatedRequest, Task>? failingCommit = null, Node? others = null)
    {
        var requests = new OrderedDictionary<string, SimulatedRequest>();
        foreach (var part in script.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(static part => part.Split(": ")))
        {
            if (part[0] == "theirs")
            {
                await RequestAsync(request => StepAsync(request, part[1], failingCommit), others);
                continue;
            }

            if (part[0] == "row")
            {
                Assert.That(Table.Entries(Key) ?? "none", Is.EqualTo(part[1]), script);
                continue;
            }

            if (part[0] == "clock")
            {
                Time.Advance(TimeSpan.FromMinutes(int.Parse(part[1], CultureInfo.InvariantCulture)));
                continue;
            }

            if (!requests.TryGetValue(part[0], out var request))
                requests.Add(part[0], request = await LoadedAsync());

            await StepAsync(request, part[1], failingCommit);
        }

        foreach (var request in requests.Values)
            await request.EndAsync();
    }

    private async Task StepAsync(SimulatedRequest request, string steps, Func<SimulatedRequest, Task>? failingCommit)
    {
        Task Ask(Action<HttpContext> what)
        {
            what(request.Context);
            return Task.CompletedTask;
        }

        foreach (var step in steps.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            await (step switch
            {
                "abandon" => Ask(static context => context.AbandonSession()),
                "skip" => Ask(static context => context.SkipSessionSave()),
                "force" => Ask(static context => context.ForceSessionSave()),
                "stay" => Ask(static context => context.SkipSessionRefresh()),
                "load" => request.LoadAsync(),
                "clear" => request.ClearAsync(),
                "commit" => request.CommitAsync(),
                "commit!" => failingCommit!(request),
                "read" => request.RunAsync(cache => cache.GetAsync(Key)),
                "remove" => request.RunAsync(cache => cache.RemoveAsync(Key)),
                ['-', .. var name] => request.RemoveAsync(name),
                ['!', .. var name] => Ask(_ => Assert.That(request.Session.Keys, Has.No.Member(name))),
                _ => request.SetAsync(step.Split('=')[0], step.Split('=')[1]),
            });
        }
    }

    protected static Task AbandonAsync(SimulatedRequest request)
    {
        request.Context.AbandonSession();
        return Task.CompletedTask;
    }
}
