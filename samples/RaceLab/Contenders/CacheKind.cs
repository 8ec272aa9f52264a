namespace RaceLab.Contenders;

internal enum CacheKind
{
    LastWriterWins,
    SmartCache,
}
