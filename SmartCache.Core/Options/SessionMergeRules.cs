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

    internal SessionMergeRules Register(string name, EntryRule rule)
    {
        if (_isFrozen)
            throw new InvalidOperationException($"The merge rule of the entry '{name}' was added too late: a cache already uses these rules.");

        if (!_rules.TryAdd(name, rule))
            throw HasOne(name);

        MustApplyOnce |= rule.MustApplyOnce;
        return this;
    }

    internal bool TryFind(string name, [NotNullWhen(true)] out EntryRule? rule) => _rules.TryGetValue(name, out rule);

    /// <summary>Makes further changes an error.</summary>
    internal void Freeze() => _isFrozen = true;

    private static ArgumentException HasOne(string name) => new($"The entry '{name}' has a merge rule already.", nameof(name));
}

/// <summary>Chooses the rule of one entry.</summary>
public sealed class EntryMergeRule
{
    private readonly SessionMergeRules _rules;
    private readonly string _name;

    internal EntryMergeRule(SessionMergeRules rules, string name) => (_rules, _name) = (rules, name);

    /// <summary>A counter: the amounts that the requests added to the number they had loaded are summed. A missing entry counts as 0.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Add(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Sum, storedBy) { MustApplyOnce = true });

    /// <summary>The larger of two numbers.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Max(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Larger, storedBy));

    /// <summary>The smaller of two numbers.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Min(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Smaller, storedBy));

    /// <summary>A set, stored as one text: it contains what either request added, and not what either removed.</summary>
    /// <param name="separator">The separator between two members.</param>
    public SessionMergeRules Union(char separator = ',') => With(new UnionRule(separator));

    /// <summary>The value that was saved first stays. A later save by a request that had not seen it does not change the entry.</summary>
    public SessionMergeRules FirstWriterWins() => With(new FirstWriterRule());

    /// <summary>
    /// A JSON object, stored as text: merged property by property, and nested objects likewise. If both requests changed a property, the
    /// later save wins.
    /// </summary>
    public SessionMergeRules MergeJson() => With(new JsonRule());

    /// <summary>A rule of your own. It may be called more than once for one save, and must not block.</summary>
    /// <param name="merge">The rule.</param>
    public SessionMergeRules Use(EntryMerge merge)
    {
        ArgumentNullException.ThrowIfNull(merge);
        return With(new OwnRule(merge));
    }

    private SessionMergeRules With(EntryRule rule) => _rules.Register(_name, rule);
}

/// <summary>Decides the value of an entry that two requests have changed at the same time.</summary>
/// <param name="loaded">Its value when the request loaded the session; null if there was none.</param>
/// <param name="mine">The value that the request saves; null if it removed the entry.</param>
/// <param name="theirs">The value that another request has saved meanwhile; null if it removed the entry.</param>
/// <returns>The value to save; null for no entry.</returns>
public delegate byte[]? EntryMerge(byte[]? loaded, byte[]? mine, byte[]? theirs);

/// <summary>How the app stores a number in a session.</summary>
public enum EntryNumber
{
    /// <summary>With <c>Session.SetInt32</c>.</summary>
    SetInt32,

    /// <summary>
    /// With <c>Session.SetString</c>, as <c>ToString(CultureInfo.InvariantCulture)</c> of a <see cref="decimal"/> or a whole number
    /// writes it, such as <c>-12.50</c>: up to 28 digits, no exponent.
    /// </summary>
    SetString,
}
