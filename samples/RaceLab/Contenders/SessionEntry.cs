namespace RaceLab.Contenders;

internal sealed record SessionEntry(string Name, string Value);
