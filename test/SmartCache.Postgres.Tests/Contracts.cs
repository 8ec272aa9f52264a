using SmartCache.Contract;
using SmartCache.Contract.Counters;
using SmartCache.Contract.Expiry;
using SmartCache.Contract.Faults;
using SmartCache.Contract.Json;
using SmartCache.Contract.KeyHash;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Protection;
using SmartCache.Contract.Schedules;
using SmartCache.Contract.Sessions;
using SmartCache.Contract.Setup;
using SmartCache.Contract.Values;

namespace SmartCache.Postgres.Tests;

public sealed class CompletenessOnPostgres : CompletenessContract<PostgresEngine>;

public sealed class ValuesOnPostgres(CallStyle style) : ValueContract<PostgresEngine>(style);

public sealed class KeysOnPostgres(CallStyle style) : KeyContract<PostgresEngine>(style);

public sealed class ArgumentsOnPostgres(CallStyle style) : ArgumentContract<PostgresEngine>(style);

public sealed class BuffersOnPostgres(CallStyle style) : BufferContract<PostgresEngine>(style);

public sealed class CancellationOnPostgres : CancellationContract<PostgresEngine>;

public sealed class ExpiryOnPostgres(CallStyle style) : ExpiryContract<PostgresEngine>(style);

public sealed class DeferredTouchesOnPostgres(CallStyle style) : DeferredTouchContract<PostgresEngine>(style);

public sealed class ImmediateTouchesOnPostgres(CallStyle style) : ImmediateTouchContract<PostgresEngine>(style);

public sealed class SweepingOnPostgres(CallStyle style) : SweepContract<PostgresEngine>(style);

public sealed class SweepTurnsOnPostgres : SweepTurnContract<PostgresEngine>;

public sealed class MergingOnPostgres(CallStyle style, ConcurrencyMode mode) : MergeContract<PostgresEngine>(style, mode);

public sealed class MidRequestCommitsOnPostgres(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<PostgresEngine>(style, mode);

public sealed class SavingOnPostgres(CallStyle style, ConcurrencyMode mode) : SavingContract<PostgresEngine>(style, mode);

public sealed class ContendersOnPostgres(CallStyle style, ConcurrencyMode mode) : ContenderContract<PostgresEngine>(style, mode);

public sealed class SharedStoresOnPostgres(ConcurrencyMode mode) : SharedStoreContract<PostgresEngine>(mode);

public sealed class CommitOrderOnPostgres(ConcurrencyMode mode) : CommitOrderContract<PostgresEngine>(mode);

public sealed class SessionOwnershipOnPostgres(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<PostgresEngine>(style, mode);

public sealed class RemovalOnPostgres(CallStyle style, ConcurrencyMode mode) : RemovalContract<PostgresEngine>(style, mode);

public sealed class AbandoningOnPostgres(CallStyle style, ConcurrencyMode mode) : AbandonContract<PostgresEngine>(style, mode);

public sealed class ReExecutionOnPostgres(CallStyle style, ConcurrencyMode mode) : ReExecutionContract<PostgresEngine>(style, mode);

public sealed class RequestFlagsOnPostgres(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<PostgresEngine>(style, mode);

public sealed class SessionTouchesOnPostgres(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<PostgresEngine>(style, mode);

public sealed class FormatsOnPostgres(CallStyle style, ConcurrencyMode mode) : FormatContract<PostgresEngine>(style, mode);

public sealed class SizesOnPostgres(CallStyle style, ConcurrencyMode mode) : SizeContract<PostgresEngine>(style, mode);

public sealed class SchemaOnPostgres(CallStyle style) : SchemaContract<PostgresEngine>(style);

public sealed class FirstUseOnPostgres : FirstUseContract<PostgresEngine>;

public sealed class OptionsOnPostgres : OptionsContract<PostgresEngine>;

public sealed class RegistrationOnPostgres : RegistrationContract<PostgresEngine>;

public sealed class SecrecyOnPostgres(CallStyle style) : SecrecyContract<PostgresEngine>(style);

public sealed class FaultsOnPostgres(CallStyle style, ConcurrencyMode mode) : FaultContract<PostgresEngine>(style, mode);

public sealed class SchedulesOnPostgres(CallStyle style, ConcurrencyMode mode) : ScheduleContract<PostgresEngine>(style, mode);

public sealed class OverlappingFlushesOnPostgres : OverlappingFlushContract<PostgresEngine>;

public sealed class JsonSessionsOnPostgres(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<PostgresEngine>(style, mode);

public sealed class JsonInSqlOnPostgres(CallStyle style, ConcurrencyMode mode) : JsonInSqlContract<PostgresEngine>(style, mode);

public sealed class OtherProgramsOnPostgres(CallStyle style, ConcurrencyMode mode) : OtherProgramContract<PostgresEngine>(style, mode);

public sealed class TableKeysOnPostgres(CallStyle style) : TableKeyContract<PostgresEngine>(style);

public sealed class HashedSessionsOnPostgres(CallStyle style, ConcurrencyMode mode) : HashedSessionContract<PostgresEngine>(style, mode);

public sealed class HashedValuesOnPostgres(CallStyle style) : HashedValueContract<PostgresEngine>(style);

public sealed class HashedStatementBudgetOnPostgres : HashedStatementBudgetContract<PostgresEngine>;

public sealed class HashTakenOnPostgres(CallStyle style, ConcurrencyMode mode) : HashTakenContract<PostgresEngine>(style, mode);

public sealed class ProtectedSessionsOnPostgres(CallStyle style, ConcurrencyMode mode) : ProtectedSessionContract<PostgresEngine>(style, mode);

public sealed class ProtectedValuesOnPostgres(CallStyle style) : ProtectedValueContract<PostgresEngine>(style);

public sealed class ProtectedCountersOnPostgres(CallStyle style, ConcurrencyMode mode) : ProtectedCounterContract<PostgresEngine>(style, mode);

public sealed class LostKeyRingOnPostgres : LostKeyRingContract<PostgresEngine>;

public sealed class CountersOnPostgres(CallStyle style, ConcurrencyMode mode) : CounterContract<PostgresEngine>(style, mode);

public sealed class CutCountersOnPostgres(CallStyle style) : CutCounterContract<PostgresEngine>(style);
