using SmartCache.Benchmarks.Load;

namespace SmartCache.Benchmarks.Measuring;

/// <summary>What is measured, for every contender.</summary>
internal sealed record Cell(RequestKind Kind, int Payload, int Concurrency);
