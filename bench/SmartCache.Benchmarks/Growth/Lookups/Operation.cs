namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>What is done to single rows, by their keys.</summary>
internal enum Operation
{
    /// <summary>A SELECT of a row that is there.</summary>
    Found,

    /// <summary>A SELECT of a row that is not there.</summary>
    Absent,

    /// <summary>Many lookups in one statement: what the server alone takes, without driver and round trip.</summary>
    Inside,

    /// <summary>SmartCache's own get of a row that is there.</summary>
    Get,

    /// <summary>An UPDATE of a row's value, guarded by its version.</summary>
    Update,

    /// <summary>An INSERT.</summary>
    Insert,

    /// <summary>A DELETE of what was inserted.</summary>
    Remove,
}
