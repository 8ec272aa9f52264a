namespace SmartCache.Storage;

/// <summary>Decides, without any input or output, what becomes of a row.</summary>
internal interface IMerge
{
    /// <summary>May be asked again, with the row read anew, when the step it gave found the row changed.</summary>
    MergeStep Decide(CacheRow? row);

    /// <summary>The step it gave last was carried out once, and for certain wrote nothing.</summary>
    void Refused();
}
