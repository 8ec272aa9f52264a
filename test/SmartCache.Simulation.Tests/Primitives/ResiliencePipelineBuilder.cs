using Polly.Retry;

namespace SmartCache;

/// <summary>In place of Polly's builder: the product asks it for one thing, retries.</summary>
public sealed class ResiliencePipelineBuilder
{
    private RetryStrategyOptions? _retry;

    public void AddRetry(RetryStrategyOptions options) => _retry = options;

    public ResiliencePipeline Build() => new(_retry!);
}
