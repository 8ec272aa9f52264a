using System.Globalization;
using SmartCache.CrashNode.Journals;

namespace SmartCache.Crash.Judging;

/// <summary>An entry that many workers counted up: each acknowledged count is there once, each other one once or not at all.</summary>
internal sealed class CountClaims : IEntryClaims
{
    private int _tried;
    private int _acknowledged;

    public void Try(Claim claim) => _tried++;

    public void Acknowledge(Claim claim) => _acknowledged++;

    public ComplaintKind? Compare(string? found)
    {
        var count = found is null ? 0 : int.Parse(EntryValue.Whole(found), CultureInfo.InvariantCulture);
        return count < _acknowledged ? ComplaintKind.Lost
            : count > _tried ? ComplaintKind.Phantom
            : null;
    }
}
