namespace SmartCache.Engines.Descriptions;

/// <summary>How an engine's official image wants to be run.</summary>
/// <param name="Image">The image unless an environment variable names another.</param>
/// <param name="Port">The port inside the container.</param>
/// <param name="User">The account that the image gives all rights.</param>
/// <param name="Environment">The variables that set its password and its first database.</param>
internal sealed record Container(string Image, int Port, string User, Func<Login, IReadOnlyDictionary<string, string>> Environment)
{
    /// <summary>Server arguments that suit what the image has installed.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
