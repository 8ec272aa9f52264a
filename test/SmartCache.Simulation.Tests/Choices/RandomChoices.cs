using SmartCache.Simulation.Database;

namespace SmartCache.Simulation.Choices;

/// <summary>Decides by lot. How the lots are spread differs from seed to seed, since no spread finds every fault.</summary>
internal sealed class RandomChoices : IChoices
{
    private readonly System.Random _random;
    private readonly double _stays;
    private readonly double _timePasses;
    private readonly double _goesWrong;
    private int _misfortunes;

    /// <param name="random">The lots.</param>
    /// <param name="misfortunes">How many statements may go wrong.</param>
    /// <param name="isSlow">Whether time may pass while there is work to do.</param>
    public RandomChoices(System.Random random, int misfortunes, bool isSlow)
    {
        _random = random;
        _misfortunes = misfortunes;
        _stays = random.Next(3) switch { 0 => 0, 1 => 0.5, _ => 0.85 };
        _timePasses = isSlow ? 0.04 : 0;
        _goesWrong = random.Next(2) == 0 ? 0.03 : 0.15;
    }

    public int Step(int count, bool goesOn) => goesOn && _random.NextDouble() < _stays ? 0 : _random.Next(count);

    public Fate Fate(ReadOnlySpan<Fate> misfortunes)
    {
        if (_misfortunes == 0 || _random.NextDouble() >= _goesWrong)
        {
            return Database.Fate.Fine;
        }

        _misfortunes--;
        return misfortunes[_random.Next(misfortunes.Length)];
    }

    public bool TimePasses() => _timePasses > 0 && _random.NextDouble() < _timePasses;

    public bool Happens() => _random.Next(2) == 0;
}
