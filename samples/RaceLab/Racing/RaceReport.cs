namespace RaceLab.Racing;

/// <summary>How the race stands.</summary>
/// <param name="Round">Rounds done by both.</param>
/// <param name="Rounds">Rounds in all.</param>
/// <param name="Contenders">The one that loses entries first, SmartCache last.</param>
/// <param name="Verdict">Null until the race is over.</param>
internal sealed record RaceReport(int Round, int Rounds, IReadOnlyList<ContenderReport> Contenders, Verdict? Verdict);
