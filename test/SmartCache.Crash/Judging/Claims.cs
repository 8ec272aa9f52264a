using System.Globalization;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>What was tried with one session. No worker begins a session again that has been logged out.</summary>
internal sealed class SessionClaims(string session)
{
    private readonly Dictionary<string, IEntryClaims> _entries = [];
    private bool _mayBeLoggedOut;
    private bool _isLoggedOut;

    public void Try(Claim claim)
    {
        if (claim.Kind == ClaimKind.LogOut)
        {
            _mayBeLoggedOut = true;
        }
        else
        {
            Of(claim).Try(claim);
        }
    }

    public void Acknowledge(Claim claim)
    {
        if (claim.Kind == ClaimKind.LogOut)
        {
            _isLoggedOut = true;
        }
        else
        {
            Of(claim).Acknowledge(claim);
        }
    }

    /// <summary>What is wrong with the session that was found; null if it does not exist.</summary>
    public IEnumerable<Complaint> Compare(IReadOnlyDictionary<string, string>? found)
    {
        if (found is null && _mayBeLoggedOut)
        {
            return [];
        }

        if (found is not null && _isLoggedOut)
        {
            return [new Complaint(ComplaintKind.Undone, session, "", string.Join(' ', found.Keys))];
        }

        found ??= new Dictionary<string, string>();
        return _entries.Keys.Union(found.Keys)
            .Select(entry => (Entry: entry, Found: found.GetValueOrDefault(entry)))
            .Select(pair => (pair.Entry, pair.Found, Kind: _entries.TryGetValue(pair.Entry, out var claims) ? claims.Compare(pair.Found) : ComplaintKind.Phantom))
            .Where(pair => pair.Kind is not null)
            .Select(pair => new Complaint(pair.Kind!.Value, session, pair.Entry, pair.Found ?? ""));
    }

    private IEntryClaims Of(Claim claim)
    {
        if (!_entries.TryGetValue(claim.Entry, out var claims))
        {
            _entries[claim.Entry] = claims = claim.Kind == ClaimKind.Count ? new CountClaims() : new EntryClaims();
        }

        return claims;
    }
}

/// <summary>What was tried with one entry.</summary>
internal interface IEntryClaims
{
    /// <summary>A save that may take effect or not.</summary>
    void Try(Claim claim);

    /// <summary>A save that took effect.</summary>
    void Acknowledge(Claim claim);

    /// <summary>What is wrong with the value that was found; null if nothing.</summary>
    ComplaintKind? Compare(string? found);
}

/// <summary>What was tried with one entry. Only one worker ever changes it, one save after the other.</summary>
internal sealed class EntryClaims : IEntryClaims
{
    private readonly HashSet<string> _tried = [];

    /// <summary>What the entry may be now; null stands for its absence.</summary>
    private readonly HashSet<string?> _possible = [null];

    public void Try(Claim claim)
    {
        _possible.Add(ValueOf(claim));
        if (ValueOf(claim) is { } value)
        {
            _tried.Add(value);
        }
    }

    /// <summary>After it, no earlier value is possible.</summary>
    public void Acknowledge(Claim claim)
    {
        _possible.Clear();
        _possible.Add(ValueOf(claim));
    }

    public ComplaintKind? Compare(string? found)
    {
        if (_possible.Contains(found))
        {
            return null;
        }

        // If only its absence is possible, its removal was acknowledged.
        return found is null ? ComplaintKind.Lost
            : !_tried.Contains(found) ? ComplaintKind.Phantom
            : _possible.Contains(null) ? ComplaintKind.Undone
            : ComplaintKind.Lost;
    }

    private static string? ValueOf(Claim claim) => claim.Kind == ClaimKind.Set ? claim.Text : null;
}

/// <summary>An entry that many workers counted up: an acknowledged count is in it once, any other at most once.</summary>
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
