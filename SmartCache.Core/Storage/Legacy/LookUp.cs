namespace SmartCache.Storage.Legacy;

/// <summary>What a key was found to have: a row of ours, or failing any a live one in the old table.</summary>
internal readonly record struct LookUp(CacheRow? Row, bool IsInLegacyTable);
