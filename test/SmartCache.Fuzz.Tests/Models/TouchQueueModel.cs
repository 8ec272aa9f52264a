using System.Globalization;
using SmartCache.Primitives;
using SmartCache.Touches;

namespace SmartCache.Fuzz.Models;

/// <summary>Drives a queue and two rows through any interleaving, each step drawn as one number, and knows what a touch owes its row.</summary>
internal sealed class TouchQueueModel
{
    /// <summary>How many different numbers there are: ten kinds of step with an argument each.</summary>
    public const int Steps = 10 * MaxArgument;

    private const int MaxArgument = 40;
    private const long Start = 1_700_000_000_000;
    private const long Minute = 60_000;
    private const long Window = 20 * Minute;
    private const long Slack = Touch.FlushPeriodMs;

    private readonly TouchQueue _queue = new();
    private readonly ModelRow[] _rows;
    private readonly List<(ModelRow Row, long Access, int Hold)> _holds = [];
    private readonly List<string> _log = [];
    private List<Touch>? _flight;
    private long _now = Start;

    public TouchQueueModel()
    {
        _rows = [.. new[] { "0", "1" }.Select(static key => new ModelRow(CacheKey.From(key)))];
        foreach (var row in _rows)
            Store(row, 0);
    }

    /// <summary>What went against the rules, if anything did, and how it came to that.</summary>
    public string? Fault { get; private set; }

    public void Step(int number)
    {
        var argument = number / 10;
        var row = _rows[argument % _rows.Length];
        switch (number % 10)
        {
            case 0:
                Advance(37 * argument);
                break;
            case 1:
                Advance(1_009 * argument);
                break;
            case 2:
                Read(row);
                break;
            case 3:
                Hold(row);
                break;
            case 4 or 5:
                Release(argument, counts: number % 10 == 4);
                break;
            case 6:
                Refresh(row);
                break;
            case 7:
                Take(everything: false);
                break;
            case 8:
                Return(argument % 4);
                break;
            default:
                Store(row, argument);
                break;
        }

        CheckLocalReads();
    }

    /// <summary>The last flush of all: every touch that counted must be in its row.</summary>
    public void Finish()
    {
        int taken;
        do
        {
            Return(0);
            Take(everything: true);
            taken = _flight!.Count;
            Return(0);
        }
        while (taken > 0);

        foreach (var row in _rows.Where(row => row.Columns.ExpiresAt < row.Owed))
            Fail($"row {row.Key} expires at {At(row.Columns.ExpiresAt)}, but its accesses last until {At(row.Owed)}");
    }

    private void Advance(long milliseconds)
    {
        _now += milliseconds;
        _log.Add($"{At(_now)}:");
    }

    private void Read(ModelRow row)
    {
        if (row.IsLiveAt(_now))
        {
            _log.Add($"read {row.Key}");
            _queue.Add(row.Key, _now, row.Columns);
            row.IsUncertain = false;
            row.Count(_now);
        }
    }

    private void Hold(ModelRow row)
    {
        if (row.IsLiveAt(_now) && _queue.Hold(row.Key, _now, row.Columns) is { } hold)
        {
            _log.Add($"hold {row.Key}");
            row.IsUncertain = false;
            _holds.Add((row, _now, hold));
        }
    }

    private void Release(int which, bool counts)
    {
        if (_holds.Count == 0)
            return;

        var (row, access, hold) = _holds[which % _holds.Count];
        _holds.RemoveAt(which % _holds.Count);
        _log.Add($"release {row.Key} of {At(access)}{(counts ? "" : " uncounted")}");
        _queue.Release(row.Key, access, hold, counts);
        if (counts)
            row.Count(access);
    }

    private void Refresh(ModelRow row)
    {
        if (row.IsLiveAt(_now))
        {
            _log.Add($"refresh {row.Key}");
            _queue.Add(row.Key, _now, null);
            row.Count(_now);
            row.IsRefreshed = true;
        }
    }

    private void Take(bool everything)
    {
        if (_flight is not null)
            return;

        _flight = _queue.Take(_now, everything ? FlushScope.Last : FlushScope.Due);
        _log.Add($"take{(everything ? " everything" : "")} {_flight.Count}");
        foreach (var row in _rows.Where(row => !everything && !row.IsRefreshed && _flight.Exists(touch => touch.Key.Equals(row.Key))))
            CheckRhythm(row);

        foreach (var row in _rows)
            (row.IsRefreshInFlight, row.IsRefreshed) = (row.IsRefreshed, false);
    }

    /// <summary>0, 1: written; 2: failed; 3: written, but the answer was lost.</summary>
    private void Return(int outcome)
    {
        if (_flight is null)
            return;

        foreach (var touch in outcome == 2 ? [] : _flight)
        {
            var row = _rows.Single(row => row.Key.Equals(touch.Key));
            row.Columns = row.Columns.Touched(touch.Span);
            row.IsUncertain |= outcome == 3 || row.IsRefreshInFlight;
        }

        foreach (var row in _rows)
            row.IsRefreshed |= outcome >= 2 && row.IsRefreshInFlight;

        _log.Add(outcome switch { 2 => "failed", 3 => "lost", _ => "written" });
        _queue.Return(_flight, areWritten: outcome < 2, _now + (outcome < 2 ? 0 : Slack));
        _flight = null;
    }

    private void Store(ModelRow row, int argument)
    {
        var window = argument % 3 == 0 ? Window : Minute;
        var absolute = argument % 5 == 1 ? _now + (window * 3 / 2) : default(long?);
        _log.Add($"{(argument % 2 == 0 ? "remove and store" : "store")} {row.Key} for {window}");
        if (argument % 2 == 0)
            _queue.Removed(row.Key);

        row.Columns = new Lifetime(_now + window, window, absolute);
        row.Owed = row.Columns.ExpiresAt;
        row.IsUncertain = false;
        _queue.Stored(row.Key, _now, row.Columns);
    }

    /// <summary>On one node a read is as exact as if every touch had been written.</summary>
    private void CheckLocalReads()
    {
        foreach (var row in _rows)
        {
            var seen = row.Columns.Touched(_queue.Unwritten(row.Key));
            if (seen.ExpiresAt < row.Owed)
                Fail($"row {row.Key} is seen to expire at {At(seen.ExpiresAt)}, but its accesses last until {At(row.Owed)}");
        }
    }

    private void CheckRhythm(ModelRow row)
    {
        var window = row.Columns.SlidingMs!.Value;
        var interval = Math.Min(window / 10, Minute);
        var isDue = _now >= row.Columns.ExpiresAt - window + interval || row.Columns.ExpiresAt - _now <= interval + Slack;
        if (!isDue && row.Columns.AbsoluteAt is null && !row.IsUncertain)
            Fail($"row {row.Key} is written again before its interval is over");
    }

    private void Fail(string fault) => Fault ??= $"{fault}\n  {string.Join(' ', _log)}";

    private static string At(long moment) => ((moment - Start) / 1_000.0).ToString(CultureInfo.InvariantCulture);

    private sealed class ModelRow(CacheKey key)
    {
        public CacheKey Key { get; } = key;

        /// <summary>What the imaginary table holds.</summary>
        public Lifetime Columns { get; set; }

        /// <summary>When the row may expire at the earliest, given every touch that counted.</summary>
        public long Owed { get; set; }

        /// <summary>A touch was written of which the queue could not know what it meant for the row: it may write it again.</summary>
        public bool IsUncertain { get; set; }

        /// <summary>A refresh without a read in between has no rhythm to follow.</summary>
        public bool IsRefreshed { get; set; }
        public bool IsRefreshInFlight { get; set; }

        public bool IsLiveAt(long now) => now < Owed;

        public void Count(long access) =>
            Owed = Math.Max(Owed, Math.Min(access + Columns.SlidingMs!.Value, Columns.AbsoluteAt ?? long.MaxValue));
    }
}
