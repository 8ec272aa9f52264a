using System.Globalization;
using SmartCache.SecondProcess.Crashing;

namespace SmartCache.Crash;

/// <summary>
/// Compares what workers tried and were told with what is there afterwards. What was acknowledged must be there. What was
/// refused, or was cut off by a kill, may be there or not. Nothing else may be there.
/// </summary>
internal sealed class Judge
{
    private readonly Dictionary<string, SessionClaims> _sessions = [];
    private readonly Dictionary<string, long> _reasons = [];
    private readonly List<Complaint> _unseen = [];
    private long _acknowledged;
    private long _refused;
    private long _open;
    private long _logOuts;
    private long _counts;
    private long _unloaded;

    /// <summary>Takes in one worker's journal.</summary>
    public void Hear(IEnumerable<Claim> journal)
    {
        Claim? tried = null;
        foreach (var claim in journal)
        {
            switch (claim.Kind)
            {
                case ClaimKind.Set or ClaimKind.Remove or ClaimKind.Count or ClaimKind.LogOut:
                    tried = claim;
                    _open++;
                    Of(claim.Session).Try(claim);
                    break;
                case ClaimKind.Done when tried?.Save == claim.Save:
                    Acknowledge(tried);
                    break;
                case ClaimKind.Refused:
                    Refuse(claim, isOpen: tried?.Save == claim.Save);
                    break;
                case ClaimKind.Unseen:
                    _unseen.Add(new Complaint(ComplaintKind.Unseen, claim.Session, claim.Entry, ""));
                    break;
                default:
                    throw new InvalidDataException($"No worker tried what this line is about: {claim}");
            }
        }
    }

    /// <summary>Compares with the sessions that are there, each with its entries and the short forms of their values.</summary>
    public Verdict Decide(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> found)
    {
        var complaints = _sessions.SelectMany(session => session.Value.Compare(found.GetValueOrDefault(session.Key)));
        var phantoms = found.Where(session => !_sessions.ContainsKey(session.Key))
            .Select(session => new Complaint(ComplaintKind.Phantom, session.Key, "", string.Join(' ', session.Value.Keys)));
        return new Verdict(_acknowledged, _refused, _open, _logOuts, _counts, _unloaded, _reasons, [.. complaints, .. phantoms, .. _unseen]);
    }

    private void Acknowledge(Claim tried)
    {
        Of(tried.Session).Acknowledge(tried);
        _open--;
        _acknowledged++;
        _logOuts += tried.Kind == ClaimKind.LogOut ? 1 : 0;
        _counts += tried.Kind == ClaimKind.Count ? 1 : 0;
    }

    private void Refuse(Claim claim, bool isOpen)
    {
        _reasons[claim.Text] = _reasons.GetValueOrDefault(claim.Text) + 1;
        if (isOpen)
        {
            _open--;
            _refused++;
        }
        else
        {
            _unloaded++;
        }
    }

    private SessionClaims Of(string session)
    {
        if (!_sessions.TryGetValue(session, out var claims))
            _sessions[session] = claims = new SessionClaims(session);

        return claims;
    }
}

/// <summary>The verdict on a run's journals and rows.</summary>
/// <param name="Acknowledged">Saves that were acknowledged.</param>
/// <param name="Refused">Saves that failed.</param>
/// <param name="Open">Saves whose process was killed before it got an answer.</param>
/// <param name="LogOuts">Acknowledged saves that were logouts.</param>
/// <param name="Counts">Acknowledged saves that counted up.</param>
/// <param name="Unloaded">Requests that could not load their session.</param>
/// <param name="Reasons">Why saves and loads were refused, with how often.</param>
/// <param name="Complaints">Everything that is wrong.</param>
internal sealed record Verdict(
    long Acknowledged,
    long Refused,
    long Open,
    long LogOuts,
    long Counts,
    long Unloaded,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<Complaint> Complaints)
{
    public IEnumerable<Complaint> Of(ComplaintKind kind) => Complaints.Where(complaint => complaint.Kind == kind);
}

/// <summary>One thing that is wrong.</summary>
internal sealed record Complaint(ComplaintKind Kind, string Session, string Entry, string Found);

/// <summary>What can be wrong with what is found after a run.</summary>
internal enum ComplaintKind
{
    /// <summary>An acknowledged value is not there.</summary>
    Lost,

    /// <summary>Something is there that no worker tried to save.</summary>
    Phantom,

    /// <summary>Something is there whose removal was acknowledged.</summary>
    Undone,

    /// <summary>A loaded session lacked something whose save was acknowledged.</summary>
    Unseen,
}

/// <summary>What was tried with one session. No worker begins a session again that has been logged out.</summary>
internal sealed class SessionClaims(string session)
{
    private readonly Dictionary<string, IEntryClaims> _entries = [];
    private bool _mayBeLoggedOut;
    private bool _isLoggedOut;

    public void Try(Claim claim)
    {
        if (claim.Kind == ClaimKind.LogOut)
            _mayBeLoggedOut = true;
        else
            Of(claim).Try(claim);
    }

    public void Acknowledge(Claim claim)
    {
        if (claim.Kind == ClaimKind.LogOut)
            _isLoggedOut = true;
        else
            Of(claim).Acknowledge(claim);
    }

    /// <summary>What is wrong with the session that was found; null if it does not exist.</summary>
    public IEnumerable<Complaint> Compare(IReadOnlyDictionary<string, string>? found)
    {
        if (found is null && _mayBeLoggedOut)
            return [];

        if (found is not null && _isLoggedOut)
            return [new Complaint(ComplaintKind.Undone, session, "", string.Join(' ', found.Keys))];

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
            _entries[claim.Entry] = claims = claim.Kind == ClaimKind.Count ? new CountClaims() : new EntryClaims();

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
            _tried.Add(value);
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
            return null;

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
