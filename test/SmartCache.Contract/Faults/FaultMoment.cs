namespace SmartCache.Contract.Faults;

/// <summary>When a connection breaks.</summary>
public enum FaultMoment
{
    Never,

    /// <summary>Before anything was sent.</summary>
    BeforeTheWork,

    /// <summary>After the database has committed, but before its answer came.</summary>
    AfterTheWork,
}
