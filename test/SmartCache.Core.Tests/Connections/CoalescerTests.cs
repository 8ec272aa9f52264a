using System.Threading.Channels;
using SmartCache.Connections;

namespace SmartCache.Core.Tests.Connections;

/// <summary>Which operations share a statement, and what becomes of each of them.</summary>
public sealed class CoalescerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly SteppedTime _time = new();
    private readonly Channel<SharedStatement> _sent = Channel.CreateUnbounded<SharedStatement>();

    [Test]
    public async Task An_operation_by_itself_runs_at_once_and_shares_nothing()
    {
        var coalescer = NewCoalescer(limit: 1);
        for (var i = 0; i < 3; i++)
        {
            var operation = new Operation("a");
            var result = Begin(coalescer, operation);
            Assert.That(operation.RunsAlone, Is.EqualTo(new[] { false }), "before anything else happened");
            operation.End();

            Assert.That(await result, Is.EqualTo("a alone"));
        }

        Assert.That(_sent.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task As_many_as_the_limit_run_alone_at_the_same_time()
    {
        var coalescer = NewCoalescer(limit: 2);
        var operations = Operations("a", "b", "c");
        var results = operations.ConvertAll(operation => Begin(coalescer, operation));
        Assert.That(operations.ConvertAll(static operation => operation.RunsAlone.Count), Is.EqualTo(new[] { 1, 1, 0 }));

        operations[1].End();
        (await SentAsync("c")).Succeed();
        operations[0].End();

        Assert.That(await Task.WhenAll(results), Is.EqualTo(new[] { "a alone", "b alone", "c together" }));
    }

    [Test]
    public async Task Those_that_arrive_while_one_runs_share_the_next_statement_up_to_64()
    {
        var coalescer = NewCoalescer(limit: 1);
        var first = new Operation("first");
        var firstResult = Begin(coalescer, first);
        var names = Enumerable.Range(0, 130).Select(static number => $"{number}").ToArray();
        var results = Operations(names).ConvertAll(operation => Begin(coalescer, operation));
        first.End();

        (await SentAsync(names[..64])).Succeed();
        (await SentAsync(names[64..128])).Succeed();
        (await SentAsync(names[128..])).Succeed();

        Assert.That(await firstResult, Is.EqualTo("first alone"));
        Assert.That(await Task.WhenAll(results), Is.EqualTo(names.Select(static name => $"{name} together")));
    }

    [Test]
    public async Task None_joins_a_statement_that_has_been_sent()
    {
        var coalescer = NewCoalescer(limit: 1);
        var (early, sent) = await SendSharedAsync(coalescer, "early");
        var late = Begin(coalescer, new Operation("late"));
        sent.Succeed();
        Assert.That(await early[0], Is.EqualTo("early together"));

        var next = await SentAsync("late");
        Assert.That(late.IsCompleted, Is.False);
        next.Succeed();
        Assert.That(await late, Is.EqualTo("late together"));
    }

    [Test]
    public async Task Once_all_have_ended_the_next_one_runs_alone_again()
    {
        var coalescer = NewCoalescer(limit: 1);
        var (results, sent) = await SendSharedAsync(coalescer, "a", "b");
        sent.Succeed();
        await Task.WhenAll(results);

        // What follows a shared statement is decided a moment after its callers have their answers.
        for (var i = 0; ; i++)
        {
            Assert.That(i, Is.LessThan(1_000), "it runs alone in the end");
            var operation = new Operation("c");
            operation.End();
            var result = Begin(coalescer, operation);
            if (operation.RunsAlone.Count > 0)
            {
                Assert.That((operation.RunsAlone[0], await result), Is.EqualTo((false, "c alone")));
                return;
            }

            (await SentAsync("c")).Succeed();
            await result;
        }
    }

    [Test]
    public async Task A_caller_that_gives_up_before_the_statement_is_sent_is_not_in_it()
    {
        using var cancellation = new CancellationTokenSource();
        var coalescer = NewCoalescer(limit: 1);
        var running = new Operation("running");
        var runningResult = Begin(coalescer, running);
        var before = Begin(coalescer, new Operation("before"));
        var cancelled = Begin(coalescer, new Operation("cancelled"), cancellation.Token);
        var after = Begin(coalescer, new Operation("after"));
        await cancellation.CancelAsync();
        await AssertCancelledAsync(cancelled);

        running.End();
        (await SentAsync("before", "after")).Succeed();
        Assert.That(await Task.WhenAll(runningResult, before, after), Is.EqualTo(new[] { "running alone", "before together", "after together" }));
    }

    [Test]
    public async Task If_all_that_waited_have_given_up_nothing_is_sent_for_them()
    {
        using var cancellation = new CancellationTokenSource();
        var coalescer = NewCoalescer(limit: 1);
        var running = new Operation("running");
        var runningResult = Begin(coalescer, running);
        var cancelled = Begin(coalescer, new Operation("cancelled"), cancellation.Token);
        await cancellation.CancelAsync();
        await AssertCancelledAsync(cancelled);
        running.End();
        await runningResult;

        var next = new Operation("next");
        next.End();
        Assert.That(await Begin(coalescer, next), Is.EqualTo("next alone"));
        Assert.That(_sent.Reader.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_caller_that_gives_up_after_the_statement_was_sent_does_not_end_it_for_the_others()
    {
        using var cancellation = new CancellationTokenSource();
        var coalescer = NewCoalescer(limit: 1);
        var running = new Operation("running");
        var runningResult = Begin(coalescer, running);
        var results = Operations("a", "b").ConvertAll(operation => Begin(coalescer, operation));
        var operation = new Operation("cancelled");
        var cancelled = Begin(coalescer, operation, cancellation.Token);
        running.End();
        var sent = await SentAsync("a", "b", "cancelled");
        await cancellation.CancelAsync();

        await AssertCancelledAsync(cancelled);
        Assert.That(results.Exists(static result => result.IsCompleted), Is.False);
        sent.Succeed();
        Assert.That(await Task.WhenAll([runningResult, .. results]), Is.EqualTo(new[] { "running alone", "a together", "b together" }));
        Assert.That(operation.RunsAlone, Is.Empty);
    }

    [Test]
    public async Task If_the_statement_fails_each_goes_on_alone_and_knows_that_it_may_have_run()
    {
        var coalescer = NewCoalescer(limit: 1);
        var operations = Operations("a", "b", "c");
        operations.ForEach(static operation => operation.End());
        var (results, sent) = await SendSharedAsync(coalescer, operations);
        sent.Fail(new InvalidOperationException("The answer was lost."));

        Assert.That(await Task.WhenAll(results), Is.EqualTo(new[] { "a alone", "b alone", "c alone" }));
        Assert.That(operations.ConvertAll(static operation => operation.RunsAlone), Is.All.EqualTo(new[] { true }));
    }

    [Test]
    public async Task A_fault_that_is_still_there_reaches_the_one_it_concerns()
    {
        var coalescer = NewCoalescer(limit: 1);
        var operations = Operations("a", "b");
        operations[0].Fail(new InvalidOperationException("It does not fit."));
        operations[1].End();
        var (results, sent) = await SendSharedAsync(coalescer, operations);
        sent.Fail(new InvalidOperationException("One of them does not fit."));

        Assert.That(async () => await results[0], Throws.InvalidOperationException.With.Message.EqualTo("It does not fit."));
        Assert.That(await results[1], Is.EqualTo("b alone"));
    }

    [Test]
    public async Task One_that_gets_no_result_goes_on_alone()
    {
        var coalescer = NewCoalescer(limit: 1);
        var operations = Operations("a", "b", "c");
        operations.ForEach(static operation => operation.End());
        var (results, sent) = await SendSharedAsync(coalescer, operations);
        sent.Succeed(except: "b");

        Assert.That(await Task.WhenAll(results), Is.EqualTo(new[] { "a together", "b alone", "c together" }));
        Assert.That(operations.ConvertAll(static operation => operation.RunsAlone), Is.EqualTo(new List<bool>[] { [], [true], [] }));
    }

    [Test]
    public async Task While_a_shared_statement_runs_a_further_one_is_sent_when_four_wait()
    {
        var coalescer = NewCoalescer(limit: 2);
        var blockers = Operations("1", "2");
        var alone = blockers.ConvertAll(operation => Begin(coalescer, operation));
        var shared = Begin(coalescer, new Operation("shared"));
        blockers[0].End();
        var first = await SentAsync("shared");
        blockers[1].End();
        await Task.WhenAll(alone);

        // Only one statement runs, and two may. Had fewer been enough, they would be in a statement without the fourth.
        var results = Operations("a", "b", "c", "d").ConvertAll(operation => Begin(coalescer, operation));
        var second = await SentAsync("a", "b", "c", "d");
        Assert.That(shared.IsCompleted, Is.False);

        second.Succeed();
        await Task.WhenAll(results);
        first.Succeed();
        Assert.That(await shared, Is.EqualTo("shared together"));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(70)]
    public async Task One_that_waits_for_a_second_is_not_held_up_by_a_statement_that_hangs(int waiting)
    {
        var coalescer = NewCoalescer(limit: 1);
        var hanging = new Operation("hanging");
        var result = Begin(coalescer, hanging);

        await AssertWaitsOneSecondAsync(coalescer, waiting);

        hanging.End();
        Assert.That(await result, Is.EqualTo("hanging alone"));
    }

    [TestCase(1, 1)]
    [TestCase(1, 3)]
    [TestCase(64, 5)]
    public async Task One_that_waits_for_a_second_is_not_held_up_by_a_shared_statement_that_hangs(int hanging, int waiting)
    {
        var coalescer = NewCoalescer(limit: 1);
        var (results, sent) = await SendSharedAsync(coalescer, [.. Enumerable.Range(0, hanging).Select(static number => $"hanging {number}")]);

        await AssertWaitsOneSecondAsync(coalescer, waiting);

        sent.Succeed();
        Assert.That(await Task.WhenAll(results), Is.All.EndsWith("together"));
    }

    private async Task AssertWaitsOneSecondAsync(Coalescer<Operation, string> coalescer, int waiting)
    {
        var names = Enumerable.Range(0, waiting).Select(static number => $"{number}").ToArray();
        var results = Operations(names).ConvertAll(operation => Begin(coalescer, operation));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(_sent.Reader.TryRead(out _), Is.False);

        // The fake clock runs its timers in this call.
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var first = names[..Math.Min(64, waiting)];
        Assert.That(_sent.Reader.TryRead(out var sent), Is.True, "one more is sent");
        Assert.That(sent!.Names, Is.EqualTo(first));
        sent.Succeed();
        if (waiting > first.Length)
            (await SentAsync(names[first.Length..])).Succeed();

        Assert.That(await Task.WhenAll(results).WaitAsync(Limit), Is.EqualTo(names.Select(static name => $"{name} together")));
    }

    private static async Task AssertCancelledAsync(Task<string> result)
    {
        await Task.WhenAny(result).WaitAsync(Limit);
        Assert.That(result.IsCanceled, Is.True);
    }

    private static List<Operation> Operations(params string[] names) => [.. names.Select(static name => new Operation(name))];

    private static Task<string> Begin(Coalescer<Operation, string> coalescer, Operation operation, CancellationToken token = default) =>
        coalescer.RunAsync(operation, token).AsTask();

    private Coalescer<Operation, string> NewCoalescer(int limit) => new(
        limit,
        async batch =>
        {
            var statement = new SharedStatement(batch);
            await _sent.Writer.WriteAsync(statement);
            await statement.Ended;
        },
        _time);

    private Task<(List<Task<string>> Results, SharedStatement Sent)> SendSharedAsync(Coalescer<Operation, string> coalescer, params string[] names) =>
        SendSharedAsync(coalescer, Operations(names));

    /// <summary>Has the operations wait for one that runs alone, which then ends.</summary>
    private async Task<(List<Task<string>> Results, SharedStatement Sent)> SendSharedAsync(Coalescer<Operation, string> coalescer, List<Operation> operations)
    {
        var blocker = new Operation("blocker");
        var blocked = Begin(coalescer, blocker);
        var results = operations.ConvertAll(operation => Begin(coalescer, operation));
        blocker.End();
        await blocked;
        return (results, await SentAsync([.. operations.Select(static operation => operation.Name)]));
    }

    /// <summary>The next shared statement, which carries out exactly these.</summary>
    private async Task<SharedStatement> SentAsync(params string[] names)
    {
        var statement = await _sent.Reader.ReadAsync().AsTask().WaitAsync(Limit);
        Assert.That(statement.Names, Is.EqualTo(names));
        return statement;
    }

    private sealed class SharedStatement(List<Operation> batch)
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Names { get; } = [.. batch.Select(static operation => operation.Name)];
        public Task Ended => _end.Task;

        public void Succeed(string? except = null)
        {
            foreach (var operation in batch.Where(operation => operation.Name != except))
                operation.SetResult($"{operation.Name} together");

            _end.SetResult();
        }

        public void Fail(Exception exception) => _end.SetException(exception);
    }

    private sealed class Operation(string name) : Shareable<string>
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => name;

        /// <summary>For each run of its own, whether it may have run before.</summary>
        public List<bool> RunsAlone { get; } = [];

        public void End() => _end.SetResult();

        public void Fail(Exception exception) => _end.SetException(exception);

        public override async ValueTask<string> RunAloneAsync(bool mayHaveRun, CancellationToken token)
        {
            RunsAlone.Add(mayHaveRun);
            await _end.Task;
            return $"{name} alone";
        }
    }
}
