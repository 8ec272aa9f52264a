namespace SmartCache.Sqlite.Tests;

/// <summary>Hashed keys change nothing else. Left out: contracts that compare keys in SQL, or how options are read, and those that hash keys themselves.</summary>
public sealed class CompletenessOnHashed : CompletenessContract<HashedSqliteEngine>
{
    private static readonly Type[] LeftOut =
    [
        typeof(JsonInSqlContract<>), typeof(OtherProgramContract<>), typeof(LegacyKeyContract<,>), typeof(OptionsContract<>),
        typeof(RegistrationContract<>), typeof(KeyedCacheContract<>), typeof(FirstUseContract<>),
    ];

    private static readonly Type[] Different =
    [
        typeof(ValueContract<>), typeof(DeferredTouchContract<>), typeof(ImmediateTouchContract<>), typeof(SweepContract<>), typeof(MergeContract<>),
        typeof(SavingContract<>), typeof(ContenderContract<>), typeof(RemovalContract<>), typeof(MigrationContract<,>), typeof(LegacySessionContract<,>),
    ];

    protected override bool MayBeLeftOut(Type contract) =>
        LeftOut.Contains(contract) || contract.Namespace is "SmartCache.Contract.KeyHash" or "SmartCache.Contract.Protection" or "SmartCache.Contract.Owners"
            or "SmartCache.Contract.Tickets" or "SmartCache.Contract.Observing";

    protected override bool DiffersOnThisEngine(Type contract) => Different.Contains(contract);
}

public sealed class ValuesOnHashed(CallStyle style) : ValueContract<HashedSqliteEngine>(style);
[Nightly] public sealed class KeysOnHashed(CallStyle style) : KeyContract<HashedSqliteEngine>(style);
[Nightly] public sealed class ArgumentsOnHashed(CallStyle style) : ArgumentContract<HashedSqliteEngine>(style);
[Nightly] public sealed class BuffersOnHashed(CallStyle style) : BufferContract<HashedSqliteEngine>(style);
[Nightly] public sealed class CancellationOnHashed : CancellationContract<HashedSqliteEngine>;
[Nightly] public sealed class ExpiryOnHashed(CallStyle style) : ExpiryContract<HashedSqliteEngine>(style);
public sealed class DeferredTouchesOnHashed(CallStyle style) : DeferredTouchContract<HashedSqliteEngine>(style);
public sealed class ImmediateTouchesOnHashed(CallStyle style) : ImmediateTouchContract<HashedSqliteEngine>(style);
public sealed class SweepingOnHashed(CallStyle style) : SweepContract<HashedSqliteEngine>(style);
[Nightly] public sealed class SweepSharingOnHashed : SweepSharingContract<HashedSqliteEngine>;
public sealed class MergingOnHashed(CallStyle style, ConcurrencyMode mode) : MergeContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class MidRequestCommitsOnHashed(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<HashedSqliteEngine>(style, mode);
public sealed class SavingOnHashed(CallStyle style, ConcurrencyMode mode) : SavingContract<HashedSqliteEngine>(style, mode);
public sealed class ContendersOnHashed(CallStyle style, ConcurrencyMode mode) : ContenderContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class CoalescingOnHashed(ConcurrencyMode mode) : CoalescingContract<HashedSqliteEngine>(mode);
[Nightly] public sealed class SharedStatementsOnHashed(bool hashesKeys, bool encrypts) : SharedStatementsContract<HashedSqliteEngine>(hashesKeys, encrypts);
[Nightly] public sealed class CommitOrderOnHashed(ConcurrencyMode mode) : CommitOrderContract<HashedSqliteEngine>(mode);
[Nightly] public sealed class SessionOwnershipOnHashed(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<HashedSqliteEngine>(style, mode);
public sealed class RemovalOnHashed(CallStyle style, ConcurrencyMode mode) : RemovalContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class AbandoningOnHashed(CallStyle style, ConcurrencyMode mode) : AbandonContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class RequestFlagsOnHashed(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class SessionTouchesOnHashed(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class FormatsOnHashed(CallStyle style, ConcurrencyMode mode) : FormatContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class SizesOnHashed(CallStyle style, ConcurrencyMode mode) : SizeContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class SchemaOnHashed(CallStyle style) : SchemaContract<HashedSqliteEngine>(style);
[Nightly] public sealed class SecrecyOnHashed(CallStyle style) : SecrecyContract<HashedSqliteEngine>(style);
[Nightly] public sealed class FaultsOnHashed(CallStyle style, ConcurrencyMode mode) : FaultContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class SchedulesOnHashed(CallStyle style, ConcurrencyMode mode) : ScheduleContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class OverlappingFlushesOnHashed : OverlappingFlushContract<HashedSqliteEngine>;
[Nightly] public sealed class JsonSessionsOnHashed(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<HashedSqliteEngine>(style, mode);
[Nightly] public sealed class TableKeysOnHashed(CallStyle style) : TableKeyContract<HashedSqliteEngine>(style);
[Nightly] public sealed class WebSessionRaceOnHashed : SessionRaceContract<HashedSqliteEngine>;
[Nightly] public sealed class WebLogoutOnHashed : LogoutContract<HashedSqliteEngine>;
[Nightly] public sealed class WebReexecutionOnHashed : ReexecutionContract<HashedSqliteEngine>;
[Nightly] public sealed class WebNestedSessionsOnHashed : NestedSessionContract<HashedSqliteEngine>;
[Nightly] public sealed class WebTempDataOnHashed : TempDataContract<HashedSqliteEngine>;
[Nightly] public sealed class WebEconomyOnHashed : EconomyContract<HashedSqliteEngine>;
[Nightly] public sealed class WebKeepAliveOnHashed : KeepAliveContract<HashedSqliteEngine>;
[Nightly] public sealed class WebLongResponseOnHashed : LongResponseContract<HashedSqliteEngine>;
[Nightly] public sealed class WebFailureOnHashed : FailureContract<HashedSqliteEngine>;
[Nightly] public sealed class WebCommitBeforeResponseOnHashed : CommitBeforeResponseContract<HashedSqliteEngine>;
[Nightly] public sealed class WebFailedCommitOnHashed : FailedCommitContract<HashedSqliteEngine>;
[Nightly] public sealed class WebPlainValuesOnHashed : PlainValuesContract<HashedSqliteEngine>;
[Nightly] public sealed class WebSeveralCachesOnHashed : SeveralCachesContract<HashedSqliteEngine>;
[Nightly] public sealed class WebBackgroundWorkOnHashed : BackgroundWorkContract<HashedSqliteEngine>;
[Nightly] public sealed class WebTwoNodesOnHashed : TwoNodesContract<HashedSqliteEngine>;
[Nightly] public sealed class WebStatementBudgetOnHashed : StatementBudgetContract<HashedSqliteEngine>;
public sealed class MigrationFromNeoSmartOnHashed(CallStyle style) : MigrationContract<HashedSqliteEngine, NeoSmartTable>(style);
[Nightly] public sealed class LegacyRemovalOnHashed(CallStyle style) : LegacyRemovalContract<HashedSqliteEngine, NeoSmartTable>(style);
public sealed class LegacySessionsOnHashed(CallStyle style, ConcurrencyMode mode) : LegacySessionContract<HashedSqliteEngine, NeoSmartTable>(style, mode);
[Nightly] public sealed class LegacyMappingOnHashed(CallStyle style) : LegacyMappingContract<HashedSqliteEngine>(style);
[Nightly] public sealed class CountersOnHashed(CallStyle style, ConcurrencyMode mode) : CounterContract<HashedSqliteEngine>(style, mode);
