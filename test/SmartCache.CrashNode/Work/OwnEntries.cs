using Microsoft.AspNetCore.Http;
using SmartCache.CrashNode.Journals;

namespace SmartCache.CrashNode.Work;

/// <summary>The entries of one session that a worker has set, and may count on.</summary>
internal sealed class OwnEntries
{
    private readonly List<string> _entries = [];
    private string? _session;

    /// <summary>Forgets those of the session before.</summary>
    public void Enter(string session)
    {
        if (_session != session)
        {
            _entries.Clear();
            _session = session;
        }
    }

    /// <summary>One of them that the loaded session has; null if there is none. That one is missing is written down.</summary>
    public string? Find(Clerk clerk, ISession loaded, string session)
    {
        if (_entries.Count == 0)
        {
            return null;
        }

        var entry = _entries[Random.Shared.Next(_entries.Count)];
        if (loaded.TryGetValue(entry, out _))
        {
            return entry;
        }

        clerk.Write(clerk.Claim(ClaimKind.Unseen, session, entry));
        _entries.Remove(entry);
        return null;
    }

    /// <summary>What became of a claim: after a refusal nobody knows what there is.</summary>
    public void Note(Claim? claim, bool isDone)
    {
        if (claim is null)
        {
            return;
        }

        _entries.Remove(claim.Entry);
        if (isDone && claim.Kind == ClaimKind.Set)
        {
            _entries.Add(claim.Entry);
        }
    }
}
