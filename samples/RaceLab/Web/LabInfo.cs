using RaceLab.Racing;

namespace RaceLab.Web;

/// <summary>What the page has to know before the first race.</summary>
internal sealed record LabInfo(string Engine, string Location, string Registration, string HowCounted, LabInfo.Limits Rounds, LabInfo.Limits Requests)
{
    public static LabInfo Of(Lab lab, RaceSettings settings) => new(
        lab.Engine.Description,
        lab.Engine.Location,
        lab.Engine.Registration,
        lab.HowCounted,
        new Limits(RaceSettings.MinRounds, RaceSettings.MaxRounds, settings.Rounds),
        new Limits(RaceSettings.MinRequests, RaceSettings.MaxRequests, settings.Requests));

    internal sealed record Limits(int Min, int Max, int Start);
}
