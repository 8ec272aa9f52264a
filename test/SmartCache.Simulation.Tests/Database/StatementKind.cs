namespace SmartCache.Simulation.Database;

/// <summary>Every statement that the product sends.</summary>
internal enum StatementKind
{
    Describe,
    Create,
    Read,
    BeginAndRead,
    RollBack,
    Insert,
    Update,
    Replace,
    UpdateValue,
    UpdateExpiry,
    Upsert,
    Touch,
    TouchMany,
    FindTouched,
    ReadLifetime,
    Remove,
    RemoveExpired,
}
