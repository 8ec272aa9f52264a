using SmartCache.CrashNode.Journals;

namespace SmartCache.Crash.Judging;

/// <summary>What was tried with one entry, which only one worker ever touches, one store after the other.</summary>
internal sealed class EntryClaims
{
    private readonly HashSet<string> _tried = [];

    /// <summary>What the entry may be now; null stands for its absence.</summary>
    private readonly HashSet<string?> _possible = [null];

    /// <summary>A store that may happen or not, until more is known of it.</summary>
    public void Try(Claim claim)
    {
        _possible.Add(ValueOf(claim));
        if (ValueOf(claim) is { } value)
        {
            _tried.Add(value);
        }
    }

    /// <summary>A store that did happen, after which nothing from before it can be there.</summary>
    public void Acknowledge(Claim claim)
    {
        _possible.Clear();
        _possible.Add(ValueOf(claim));
    }

    /// <summary>What is wrong with an entry as it was found; null if nothing.</summary>
    public ComplaintKind? Compare(string? found)
    {
        if (_possible.Contains(found))
        {
            return null;
        }

        // Where only its absence is possible, its removal was acknowledged.
        return found is null ? ComplaintKind.Lost
            : !_tried.Contains(found) ? ComplaintKind.Phantom
            : _possible.Contains(null) ? ComplaintKind.Undone
            : ComplaintKind.Lost;
    }

    private static string? ValueOf(Claim claim) => claim.Kind == ClaimKind.Set ? claim.Text : null;
}
