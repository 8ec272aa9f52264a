using System.Diagnostics.CodeAnalysis;
using SmartCache.MergeRules;

namespace SmartCache;

/// <summary>
/// What becomes of session entries that two requests change at the same time, if the later save should not simply win. A rule is used
/// only in this case: what only one request changed is saved as it is.
/// </summary>
public sealed class SessionMergeRules
{
    private readonly Dictionary<string, EntryRule> _rules = [];
    private bool _isFrozen;

    internal bool IsEmpty => _rules.Count == 0;

    /// <summary>Whether a rule must not be applied twice to the same change.</summary>
    internal bool MustApplyOnce { get; private set; }

    /// <summary>Names an entry; its rule follows.</summary>
    /// <param name="name">The entry's name: the key given to <c>Session.SetInt32</c> and the like. Upper and lower case differ.</param>
    /// <exception cref="ArgumentException">The entry already has a rule.</exception>
    public EntryMergeRule Entry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _rules.ContainsKey(name) ? throw HasOne(name) : new EntryMergeRule(this, name);
    }

    internal SessionMergeRules Add(string name, EntryRule rule)
    {
        if (_isFrozen)
        {
            throw new InvalidOperationException($"The merge rule of the entry '{name}' was added too late: a cache already uses these rules.");
        }

        if (!_rules.TryAdd(name, rule))
        {
            throw HasOne(name);
        }

        MustApplyOnce |= rule.MustApplyOnce;
        return this;
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out EntryRule? rule) => _rules.TryGetValue(name, out rule);

    /// <summary>Makes further changes an error.</summary>
    internal void Freeze() => _isFrozen = true;

    private static ArgumentException HasOne(string name) => new($"The entry '{name}' has a merge rule already.", nameof(name));
}
