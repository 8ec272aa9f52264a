namespace RaceLab.Engines;

/// <summary>What a database counted for requests of four kinds.</summary>
/// <param name="Racing">Requests that each change an entry of one session, all at once.</param>
/// <param name="Changing">Requests that change an entry, one at a time.</param>
/// <param name="Reading">Requests that only read the session.</param>
/// <param name="Untouched">Requests that come with a session's cookie and do not touch the session.</param>
internal sealed record RequestCosts(DatabaseCounts Racing, DatabaseCounts Changing, DatabaseCounts Reading, DatabaseCounts Untouched)
{
    public static readonly RequestCosts None = new(default, default, default, default);

    public static RequestCosts operator +(RequestCosts left, RequestCosts right) => new(
        left.Racing + right.Racing,
        left.Changing + right.Changing,
        left.Reading + right.Reading,
        left.Untouched + right.Untouched);
}
