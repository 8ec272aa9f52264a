using SmartCache.Benchmarks.CommandLine;

namespace SmartCache.Benchmarks.Reports;

/// <summary>Where reports go.</summary>
internal static class ReportFolder
{
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static DirectoryInfo Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--out cannot be used: {exception.Message}");
        }
    }
}
