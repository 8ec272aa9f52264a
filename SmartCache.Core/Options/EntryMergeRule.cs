using SmartCache.MergeRules;

namespace SmartCache;

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

    private SessionMergeRules With(EntryRule rule) => _rules.Add(_name, rule);
}
