namespace SmartCache.Simulation.Database;

/// <summary>A fault built into the simulated server, which the rules have to find: a check of the checker.</summary>
[Flags]
internal enum Flaw
{
    None = 0,

    /// <summary>What a request stores replaces what the row holds, as if it had not been merged.</summary>
    MineReplacesTheirs = 1,

    /// <summary>A guarded statement writes whatever the row's version is.</summary>
    IgnoresVersion = 2,

    /// <summary>A guarded statement brings back a row that is gone.</summary>
    RevivesRemoved = 4,

    /// <summary>An insert writes over a live row.</summary>
    InsertsOverLive = 8,

    /// <summary>The version stays as it was when the value changes.</summary>
    KeepsVersion = 16,

    /// <summary>A store is answered as if it had taken effect, and has not.</summary>
    LosesStores = 32,

    /// <summary>A touch makes a dead row live again.</summary>
    TouchesDead = 64,

    /// <summary>A touch takes back what a later one had moved forward.</summary>
    TouchesBackward = 128,

    /// <summary>Touches are answered as if they had taken effect, and have not.</summary>
    LosesTouches = 256,

    /// <summary>What is removed as expired need not have been so for the grace period.</summary>
    SweepsTooEarly = 512,

    /// <summary>Expired rows stay.</summary>
    NeverSweeps = 1024,

    /// <summary>A removal is answered as if it had taken effect, and has not.</summary>
    LosesRemovals = 2048,

    /// <summary>The recent versions of a row are not kept.</summary>
    ForgetsVersions = 4096,
}
