using System.Text;

namespace SmartCache.CrashNode.Journals;

/// <summary>
/// A worker's own account of what it tried and what it was told. Each line has left the process before anything else
/// happens, so that it survives the process.
/// </summary>
public sealed class Journal(string file) : IDisposable
{
    private readonly FileStream _file = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Write(Claim claim) => _file.Write(Encoding.UTF8.GetBytes($"{claim}\n"));

    public void Dispose() => _file.Dispose();
}
