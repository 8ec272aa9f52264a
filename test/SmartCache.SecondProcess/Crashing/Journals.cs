using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmartCache.SecondProcess.Crashing;

/// <summary>
/// A worker's account of what it tried and what it was told. Each line leaves the process before anything else happens, so
/// that it survives the process.
/// </summary>
public sealed class Journal(string file) : IDisposable
{
    private readonly FileStream _file = new(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Write(Claim claim) => _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(claim), (byte)'\n']);

    public void Dispose() => _file.Dispose();
}

/// <summary>One line of a worker's journal. The lines about an entry are in the order of what happened.</summary>
/// <param name="Kind">What happens, or happened.</param>
/// <param name="Save">The number of the save among the worker's.</param>
/// <param name="At">The moment, in UTC Unix milliseconds.</param>
/// <param name="Session">The session's key.</param>
/// <param name="Entry">The entry's name; empty if it is not about one.</param>
/// <param name="Text">The entry's value, or why a save was refused.</param>
public sealed record Claim(ClaimKind Kind, long Save, long At, string Session, string Entry = "", string Text = "");

/// <summary>What a worker writes down about one save.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimKind>))]
public enum ClaimKind
{
    /// <summary>It is about to set an entry, to a value that the entry has never had.</summary>
    Set,

    /// <summary>It is about to remove an entry.</summary>
    Remove,

    /// <summary>It is about to add one to an entry that all workers count up.</summary>
    Count,

    /// <summary>It is about to log the session out. Nothing may be left afterwards.</summary>
    LogOut,

    /// <summary>The save was acknowledged.</summary>
    Done,

    /// <summary>The save failed, so it may have taken effect or not.</summary>
    Refused,

    /// <summary>A session that it loaded lacks an entry whose save was acknowledged.</summary>
    Unseen,
}

/// <summary>Values that no two saves share, some of them large, and their short form for journals.</summary>
public static class EntryValue
{
    private const char Padding = '.';

    /// <summary>A value of at least a length, in its short form. What makes it unique must not end with a full stop.</summary>
    public static string Brief(string unique, int length) => Brief(unique.PadRight(length, Padding));

    /// <summary>The short form of a value.</summary>
    public static string Brief(string value) => string.Create(CultureInfo.InvariantCulture, $"{value.TrimEnd(Padding)}*{value.Length}");

    /// <summary>The value of a short form.</summary>
    public static string Whole(string brief)
    {
        var star = brief.LastIndexOf('*');
        return brief[..star].PadRight(int.Parse(brief[(star + 1)..], CultureInfo.InvariantCulture), Padding);
    }
}
