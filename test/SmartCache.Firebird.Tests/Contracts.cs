namespace SmartCache.Firebird.Tests;

public sealed class CompletenessOnFirebird : CompletenessContract<FirebirdEngine>
{
    private static readonly Type[] LeftOut =
    [
        // Firebird has no JSON functions, and the program in another language has no client for it.
        typeof(JsonInSqlContract<>), typeof(OtherProgramContract<>),

        // The server does not count the statements of one cache. They are those of the other engines, without locks.
        typeof(StatementBudgetContract<>), typeof(HashedStatementBudgetContract<>), typeof(OwnerStatementBudgetContract<>),
        typeof(TicketStatementBudgetContract<>),

        // The provider does not take over rows of other tables: LegacyKeyBytes returns null.
        typeof(MigrationContract<,>), typeof(LegacyKeyContract<,>), typeof(LegacyRemovalContract<,>), typeof(LegacySessionContract<,>), typeof(LegacyMappingContract<>),
        typeof(HashedMigrationContract<,>), typeof(ProtectedMigrationContract<,>),

        // A statement never waits for a row, because the driver's transactions do not wait. KilledConnectionTests kills an idle one.
        typeof(RealFaultContract<>),

        // It ends caches while they sweep, and a statement of the driver that is cancelled may never return.
        typeof(SecrecyContract<>),

        // The engine has no such statements, and no locks to pass over.
        typeof(SharedStatementsOnServersContract<>),

        // The provider does not look for a registered data source.
        typeof(RegisteredDataSourceContract<>),

        // It hides a column while touches are flushed. An open connection may go on without that column for ever.
        typeof(SessionTouchContract<>),

        // If the driver's pool is full, it does not let callers wait: it throws.
        typeof(PressureContract<>),
    ];

    protected override bool MayBeLeftOut(Type contract) => LeftOut.Contains(contract);
}

public sealed class ValuesOnFirebird(CallStyle style) : ValueContract<FirebirdEngine>(style);
public sealed class KeysOnFirebird(CallStyle style) : KeyContract<FirebirdEngine>(style);
public sealed class ArgumentsOnFirebird(CallStyle style) : ArgumentContract<FirebirdEngine>(style);
public sealed class BuffersOnFirebird(CallStyle style) : BufferContract<FirebirdEngine>(style);
public sealed class CancellationOnFirebird : CancellationContract<FirebirdEngine>;
public sealed class ExpiryOnFirebird(CallStyle style) : ExpiryContract<FirebirdEngine>(style);
public sealed class DeferredTouchesOnFirebird(CallStyle style) : DeferredTouchContract<FirebirdEngine>(style);
public sealed class ImmediateTouchesOnFirebird(CallStyle style) : ImmediateTouchContract<FirebirdEngine>(style);
public sealed class SweepingOnFirebird(CallStyle style) : SweepContract<FirebirdEngine>(style);
public sealed class SweepSharingOnFirebird : SweepSharingContract<FirebirdEngine>;
public sealed class MergingOnFirebird(CallStyle style, ConcurrencyMode mode) : MergeContract<FirebirdEngine>(style, mode);
public sealed class MidRequestCommitsOnFirebird(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<FirebirdEngine>(style, mode);
public sealed class SavingOnFirebird(CallStyle style, ConcurrencyMode mode) : SavingContract<FirebirdEngine>(style, mode);
public sealed class ContendersOnFirebird(CallStyle style, ConcurrencyMode mode) : ContenderContract<FirebirdEngine>(style, mode);
public sealed class CoalescingOnFirebird(ConcurrencyMode mode) : CoalescingContract<FirebirdEngine>(mode);
public sealed class SharedStatementsOnFirebird(bool hashesKeys, bool encrypts) : SharedStatementsContract<FirebirdEngine>(hashesKeys, encrypts);
public sealed class CommitOrderOnFirebird(ConcurrencyMode mode) : CommitOrderContract<FirebirdEngine>(mode);
public sealed class SessionOwnershipOnFirebird(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<FirebirdEngine>(style, mode);
public sealed class RemovalOnFirebird(CallStyle style, ConcurrencyMode mode) : RemovalContract<FirebirdEngine>(style, mode);
public sealed class AbandoningOnFirebird(CallStyle style, ConcurrencyMode mode) : AbandonContract<FirebirdEngine>(style, mode);
public sealed class RequestFlagsOnFirebird(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<FirebirdEngine>(style, mode);
public sealed class FormatsOnFirebird(CallStyle style, ConcurrencyMode mode) : FormatContract<FirebirdEngine>(style, mode);
public sealed class SizesOnFirebird(CallStyle style, ConcurrencyMode mode) : SizeContract<FirebirdEngine>(style, mode);
public sealed class SchemaOnFirebird(CallStyle style) : SchemaContract<FirebirdEngine>(style);
public sealed class FirstUseOnFirebird : FirstUseContract<FirebirdEngine>;
public sealed class OptionsOnFirebird : OptionsContract<FirebirdEngine>;
public sealed class RegistrationOnFirebird : RegistrationContract<FirebirdEngine>;
public sealed class KeyedCachesOnFirebird : KeyedCacheContract<FirebirdEngine>;
public sealed class MetricsOnFirebird : MetricsContract<FirebirdEngine>;
public sealed class TracingOnFirebird : TracingContract<FirebirdEngine>;
public sealed class HealthOnFirebird : HealthContract<FirebirdEngine>;
public sealed class FaultsOnFirebird(CallStyle style, ConcurrencyMode mode) : FaultContract<FirebirdEngine>(style, mode);
public sealed class SchedulesOnFirebird(CallStyle style, ConcurrencyMode mode) : ScheduleContract<FirebirdEngine>(style, mode);
public sealed class OverlappingFlushesOnFirebird : OverlappingFlushContract<FirebirdEngine>;
public sealed class JsonSessionsOnFirebird(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<FirebirdEngine>(style, mode);
public sealed class TableKeysOnFirebird(CallStyle style) : TableKeyContract<FirebirdEngine>(style);
public sealed class HashedSessionsOnFirebird(CallStyle style, ConcurrencyMode mode) : HashedSessionContract<FirebirdEngine>(style, mode);
public sealed class HashedValuesOnFirebird(CallStyle style) : HashedValueContract<FirebirdEngine>(style);
public sealed class ProtectedSessionsOnFirebird(CallStyle style, ConcurrencyMode mode) : ProtectedSessionContract<FirebirdEngine>(style, mode);
public sealed class ProtectedValuesOnFirebird(CallStyle style) : ProtectedValueContract<FirebirdEngine>(style);
public sealed class CompressionOnFirebird(CallStyle style) : CompressionContract<FirebirdEngine>(style);
public sealed class ProtectedCountersOnFirebird(CallStyle style, ConcurrencyMode mode) : ProtectedCounterContract<FirebirdEngine>(style, mode);
public sealed class LostKeyRingOnFirebird : LostKeyRingContract<FirebirdEngine>;
public sealed class CountersOnFirebird(CallStyle style, ConcurrencyMode mode) : CounterContract<FirebirdEngine>(style, mode);
public sealed class SessionRaceOnFirebird : SessionRaceContract<FirebirdEngine>;
public sealed class LogoutOnFirebird : LogoutContract<FirebirdEngine>;
public sealed class ReexecutionOnFirebird : ReexecutionContract<FirebirdEngine>;
public sealed class NestedSessionsOnFirebird : NestedSessionContract<FirebirdEngine>;
public sealed class TempDataOnFirebird : TempDataContract<FirebirdEngine>;
public sealed class EconomyOnFirebird : EconomyContract<FirebirdEngine>;
public sealed class KeepAliveOnFirebird : KeepAliveContract<FirebirdEngine>;
public sealed class LongResponseOnFirebird : LongResponseContract<FirebirdEngine>;
public sealed class FailureOnFirebird : FailureContract<FirebirdEngine>;
public sealed class CommitBeforeResponseOnFirebird : CommitBeforeResponseContract<FirebirdEngine>;
public sealed class FailedCommitOnFirebird : FailedCommitContract<FirebirdEngine>;
public sealed class PlainValuesOnFirebird : PlainValuesContract<FirebirdEngine>;
public sealed class SeveralCachesOnFirebird : SeveralCachesContract<FirebirdEngine>;
public sealed class BackgroundWorkOnFirebird : BackgroundWorkContract<FirebirdEngine>;
public sealed class TwoNodesOnFirebird : TwoNodesContract<FirebirdEngine>;
public sealed class CutCountersOnFirebird(CallStyle style) : CutCounterContract<FirebirdEngine>(style);
public sealed class HashTakenOnFirebird(CallStyle style, ConcurrencyMode mode) : HashTakenContract<FirebirdEngine>(style, mode);
public sealed class OwnersOnFirebird(CallStyle style, ConcurrencyMode mode) : OwnerContract<FirebirdEngine>(style, mode);
public sealed class DirectoryOnFirebird(CallStyle style, ConcurrencyMode mode) : DirectoryContract<FirebirdEngine>(style, mode);
public sealed class OwnerColumnOnFirebird(CallStyle style) : OwnerColumnContract<FirebirdEngine>(style);
public sealed class SignOutOnFirebird : SignOutContract<FirebirdEngine>;
public sealed class SignInsOnFirebird : SignInContract<FirebirdEngine>;
public sealed class TicketExpiryOnFirebird : TicketExpiryContract<FirebirdEngine>;
public sealed class EndedTicketsOnFirebird : EndedTicketContract<FirebirdEngine>;
