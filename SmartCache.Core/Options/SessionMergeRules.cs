using System.Diagnostics.CodeAnalysis;
using SmartCache.Merging;
using SmartCache.Sessions;

namespace SmartCache;

/// <summary>
/// What becomes of a session's entry that two requests have changed at the same time, where the later store should not
/// simply win. A rule is asked only then; whatever one request alone changed is stored as it is.
/// </summary>
public sealed class SessionMergeRules
{
    private readonly Dictionary<string, EntryRule> _rules = [];
    private bool _isFrozen;

    internal bool IsEmpty => _rules.Count == 0;

    /// <summary>Whether there is a rule that would count twice what it is applied to twice.</summary>
    internal bool MustApplyOnce { get; private set; }

    /// <summary>Names an entry, to be followed by its rule.</summary>
    /// <param name="name">The entry's name: the key given to <c>Session.SetInt32</c> and the like. Upper and lower case differ.</param>
    /// <exception cref="ArgumentException">The entry has a rule already.</exception>
    public EntryMergeRule Entry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _rules.ContainsKey(name) ? throw HasOne(name) : new EntryMergeRule(this, name);
    }

    internal SessionMergeRules Add(string name, EntryRule rule)
    {
        if (_isFrozen)
        {
            throw new InvalidOperationException($"The merge rule of the entry '{name}' comes too late: a cache works by these rules already.");
        }

        if (!_rules.TryAdd(name, rule))
        {
            throw HasOne(name);
        }

        MustApplyOnce |= rule.MustApplyOnce;
        return this;
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out EntryRule? rule) => _rules.TryGetValue(name, out rule);

    /// <summary>From now on they stay as they are.</summary>
    internal void Freeze() => _isFrozen = true;

    /// <summary>The name of an entry in a difference whose rule must not be applied to it twice; null if there is none.</summary>
    internal string? FindOnce(SessionDifference difference)
    {
        if (!MustApplyOnce)
        {
            return null;
        }

        var changed = difference.Changed.Select(entry => difference.Mine.NameText(entry));
        var removed = difference.Removed.Select(entry => difference.Base!.NameText(entry));
        return changed.FirstOrDefault(name => TryFind(name, out var rule) && rule.MustApplyOnce)
            ?? removed.FirstOrDefault(name => TryFind(name, out var rule) && rule is { MustApplyOnce: true, DecidesRemoval: true });
    }

    private static ArgumentException HasOne(string name) => new($"The entry '{name}' has a merge rule already.", nameof(name));
}
