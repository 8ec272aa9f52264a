using SmartCache.Merging;

namespace SmartCache;

/// <summary>Chooses the rule of one entry.</summary>
public sealed class EntryMergeRule
{
    private readonly SessionMergeRules _rules;
    private readonly string _name;

    internal EntryMergeRule(SessionMergeRules rules, string name) => (_rules, _name) = (rules, name);

    /// <summary>A counter: what each request added to the number it had loaded is added up. No entry counts as 0.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Add(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Sum, storedBy) { MustApplyOnce = true });

    /// <summary>The larger of two numbers.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Max(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Larger, storedBy));

    /// <summary>The smaller of two numbers.</summary>
    /// <param name="storedBy">How the number is stored.</param>
    public SessionMergeRules Min(EntryNumber storedBy = EntryNumber.SetInt32) => With(new NumberRule(NumberRule.Smaller, storedBy));

    /// <summary>A set, stored as one text: what either request added is in it, what either removed is not.</summary>
    /// <param name="separator">What stands between two members.</param>
    public SessionMergeRules Union(char separator = ',') => With(new UnionRule(separator));

    /// <summary>The value that was stored first stays; a later store of a request that had not seen it changes nothing.</summary>
    public SessionMergeRules FirstWriterWins() => With(new FirstWriterRule());

    /// <summary>
    /// A JSON object, stored as text: merged property by property, and objects in it likewise. Where both changed a property,
    /// the later store wins.
    /// </summary>
    public SessionMergeRules MergeJson() => With(new JsonRule());

    /// <summary>A rule of your own. It may be asked more than once for one store, and must not wait for anything.</summary>
    /// <param name="merge">The rule.</param>
    public SessionMergeRules Use(EntryMerge merge)
    {
        ArgumentNullException.ThrowIfNull(merge);
        return With(new OwnRule(merge));
    }

    private SessionMergeRules With(EntryRule rule) => _rules.Add(_name, rule);
}
