namespace SmartCache.MySql.Tests;

/// <summary>What is left out ends in the same statements, or does not depend on how a row is found. Every build creates, finds and writes rows.</summary>
public sealed class CompletenessOnAutoIncrement : CompletenessContract<AutoIncrementEngine>
{
    private static readonly Type[] Different =
    [
        typeof(ValueContract<>), typeof(KeyContract<>), typeof(DeferredTouchContract<>), typeof(SweepContract<>), typeof(MergeContract<>), typeof(ContenderContract<>),
        typeof(CoalescingContract<>), typeof(SharedStatementsContract<>), typeof(CommitOrderContract<>), typeof(RemovalContract<>), typeof(FaultContract<>), typeof(SchemaContract<>), typeof(FirstUseContract<>),
        typeof(TableKeyContract<>), typeof(MigrationContract<,>), typeof(LegacySessionContract<,>), typeof(HashedSessionContract<>),
        typeof(OwnerContract<>), typeof(DirectoryContract<>),
    ];

    protected override bool MayBeLeftOut(Type contract) =>
        contract.Namespace == typeof(WebContract<>).Namespace || contract == typeof(LegacyKeyContract<,>) || contract == typeof(HashedStatementBudgetContract<>)
        || contract.Namespace == typeof(LostKeyRingContract<>).Namespace || contract.Namespace == typeof(CounterContract<>).Namespace
        || contract.Namespace == typeof(SignInContract<>).Namespace || contract == typeof(SignOutContract<>) || contract == typeof(OwnerStatementBudgetContract<>)
        || contract.Namespace == typeof(MetricsContract<>).Namespace
        || contract == typeof(JsonSessionContract<>) || contract.Namespace == typeof(ScheduleContract<>).Namespace;

    protected override bool DiffersOnThisEngine(Type contract) => Different.Contains(contract);
}

public sealed class ValuesOnAutoIncrement(CallStyle style) : ValueContract<AutoIncrementEngine>(style);
public sealed class KeysOnAutoIncrement(CallStyle style) : KeyContract<AutoIncrementEngine>(style);
[Nightly] public sealed class ArgumentsOnAutoIncrement(CallStyle style) : ArgumentContract<AutoIncrementEngine>(style);
[Nightly] public sealed class BuffersOnAutoIncrement(CallStyle style) : BufferContract<AutoIncrementEngine>(style);
[Nightly] public sealed class CancellationOnAutoIncrement : CancellationContract<AutoIncrementEngine>;
[Nightly] public sealed class ExpiryOnAutoIncrement(CallStyle style) : ExpiryContract<AutoIncrementEngine>(style);
public sealed class DeferredTouchesOnAutoIncrement(CallStyle style) : DeferredTouchContract<AutoIncrementEngine>(style);
[Nightly] public sealed class ImmediateTouchesOnAutoIncrement(CallStyle style) : ImmediateTouchContract<AutoIncrementEngine>(style);
public sealed class SweepingOnAutoIncrement(CallStyle style) : SweepContract<AutoIncrementEngine>(style);
[Nightly] public sealed class SweepSharingOnAutoIncrement : SweepSharingContract<AutoIncrementEngine>;
public sealed class MergingOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : MergeContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class MidRequestCommitsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class SavingOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : SavingContract<AutoIncrementEngine>(style, mode);
public sealed class ContendersOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : ContenderContract<AutoIncrementEngine>(style, mode);
public sealed class CoalescingOnAutoIncrement(ConcurrencyMode mode) : CoalescingContract<AutoIncrementEngine>(mode);
public sealed class SharedStatementsOnAutoIncrement(bool hashesKeys, bool encrypts) : SharedStatementsContract<AutoIncrementEngine>(hashesKeys, encrypts);
public sealed class CommitOrderOnAutoIncrement(ConcurrencyMode mode) : CommitOrderContract<AutoIncrementEngine>(mode);
[Nightly] public sealed class SessionOwnershipOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<AutoIncrementEngine>(style, mode);
public sealed class RemovalOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : RemovalContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class AbandoningOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : AbandonContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class RequestFlagsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class SessionTouchesOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class FormatsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : FormatContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class SizesOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : SizeContract<AutoIncrementEngine>(style, mode);
public sealed class SchemaOnAutoIncrement(CallStyle style) : SchemaContract<AutoIncrementEngine>(style);
public sealed class FirstUseOnAutoIncrement : FirstUseContract<AutoIncrementEngine>;
[Nightly] public sealed class OptionsOnAutoIncrement : OptionsContract<AutoIncrementEngine>;
[Nightly] public sealed class RegistrationOnAutoIncrement : RegistrationContract<AutoIncrementEngine>;
[Nightly] public sealed class KeyedCachesOnAutoIncrement : KeyedCacheContract<AutoIncrementEngine>;
[Nightly] public sealed class SecrecyOnAutoIncrement(CallStyle style) : SecrecyContract<AutoIncrementEngine>(style);
public sealed class FaultsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : FaultContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class OverlappingFlushesOnAutoIncrement : OverlappingFlushContract<AutoIncrementEngine>;
[Nightly] public sealed class JsonInSqlOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : JsonInSqlContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class OtherProgramsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : OtherProgramContract<AutoIncrementEngine>(style, mode);
public sealed class TableKeysOnAutoIncrement(CallStyle style) : TableKeyContract<AutoIncrementEngine>(style);
public sealed class MigrationOnAutoIncrement(CallStyle style) : MigrationContract<AutoIncrementEngine, PomeloTable>(style);
[Nightly] public sealed class LegacyRemovalOnAutoIncrement(CallStyle style) : LegacyRemovalContract<AutoIncrementEngine, PomeloTable>(style);
public sealed class LegacySessionsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : LegacySessionContract<AutoIncrementEngine, PomeloTable>(style, mode);
[Nightly] public sealed class LegacyMappingOnAutoIncrement(CallStyle style) : LegacyMappingContract<AutoIncrementEngine>(style);
[Nightly] public sealed class SessionRaceOnAutoIncrement : SessionRaceContract<AutoIncrementEngine>;
[Nightly] public sealed class LogoutOnAutoIncrement : LogoutContract<AutoIncrementEngine>;
public sealed class HashedSessionsOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : HashedSessionContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class HashedValuesOnAutoIncrement(CallStyle style) : HashedValueContract<AutoIncrementEngine>(style);
[Nightly] public sealed class HashedMigrationOnAutoIncrement(CallStyle style) : HashedMigrationContract<AutoIncrementEngine, PomeloTable>(style);
public sealed class OwnersOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : OwnerContract<AutoIncrementEngine>(style, mode);
public sealed class DirectoryOnAutoIncrement(CallStyle style, ConcurrencyMode mode) : DirectoryContract<AutoIncrementEngine>(style, mode);
[Nightly] public sealed class OwnerColumnOnAutoIncrement(CallStyle style) : OwnerColumnContract<AutoIncrementEngine>(style);

public sealed class AutoIncrementTests : EngineContract<AutoIncrementEngine>
{
    [Test]
    public void The_table_has_an_id_that_counts_up() =>
        Assert.That(
            Table.List($"SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{Table.Name}' AND extra = 'auto_increment' AND column_key = 'PRI'"),
            Is.EqualTo(new[] { "id" }));
}
