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
        {
            _sessions[session] = claims = new SessionClaims(session);
        }

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
