using SmartCache.CrashNode.Journals;

namespace SmartCache.Crash.Judging;

/// <summary>What was tried with one session. Nobody begins one again that has been logged out.</summary>
internal sealed class SessionClaims(string session)
{
    private readonly Dictionary<string, EntryClaims> _entries = [];
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

    /// <summary>What is wrong with the session as it was found.</summary>
    /// <param name="found">Its entries; null if it is not there.</param>
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

    private EntryClaims Of(Claim claim)
    {
        if (!_entries.TryGetValue(claim.Entry, out var claims))
        {
            _entries[claim.Entry] = claims = new EntryClaims();
        }

        return claims;
    }
}
