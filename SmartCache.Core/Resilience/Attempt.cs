using System.Runtime.ExceptionServices;
using SmartCache.Storage;

namespace SmartCache.Resilience;

/// <summary>What a pipeline runs, as often as it likes.</summary>
internal sealed class Attempt<TResult>(ConnectionSource connections, StoreWork<TResult> work)
{
    /// <summary>How a first try outside of the pipeline ended: the pipeline is shown that instead of one of its own.</summary>
    public ExceptionDispatchInfo? FirstFailure { get; set; }

    public ValueTask<TResult> RunAsync(bool async, CancellationToken cancellationToken)
    {
        if (FirstFailure is { } failure)
        {
            FirstFailure = null;
            failure.Throw();
        }

        return connections.RunAsync(work, async, cancellationToken);
    }
}
