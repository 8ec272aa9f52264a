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

namespace SmartCache.Sqlite.Tests;

public sealed class CompletenessOnSqlite : CompletenessContract<SqliteEngine>;

public sealed class ValuesOnSqlite(CallStyle style) : ValueContract<SqliteEngine>(style);

public sealed class KeysOnSqlite(CallStyle style) : KeyContract<SqliteEngine>(style);

public sealed class ArgumentsOnSqlite(CallStyle style) : ArgumentContract<SqliteEngine>(style);

public sealed class BuffersOnSqlite(CallStyle style) : BufferContract<SqliteEngine>(style);

public sealed class CancellationOnSqlite : CancellationContract<SqliteEngine>;

public sealed class ExpiryOnSqlite(CallStyle style) : ExpiryContract<SqliteEngine>(style);

public sealed class DeferredTouchesOnSqlite(CallStyle style) : DeferredTouchContract<SqliteEngine>(style);

public sealed class ImmediateTouchesOnSqlite(CallStyle style) : ImmediateTouchContract<SqliteEngine>(style);

public sealed class SweepingOnSqlite(CallStyle style) : SweepContract<SqliteEngine>(style);

public sealed class SweepTurnsOnSqlite : SweepTurnContract<SqliteEngine>;

public sealed class MergingOnSqlite(CallStyle style, ConcurrencyMode mode) : MergeContract<SqliteEngine>(style, mode);

public sealed class MidRequestCommitsOnSqlite(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<SqliteEngine>(style, mode);

public sealed class SavingOnSqlite(CallStyle style, ConcurrencyMode mode) : SavingContract<SqliteEngine>(style, mode);

public sealed class ContendersOnSqlite(CallStyle style, ConcurrencyMode mode) : ContenderContract<SqliteEngine>(style, mode);

public sealed class SharedStoresOnSqlite(ConcurrencyMode mode) : SharedStoreContract<SqliteEngine>(mode);

public sealed class CommitOrderOnSqlite(ConcurrencyMode mode) : CommitOrderContract<SqliteEngine>(mode);

public sealed class SessionOwnershipOnSqlite(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<SqliteEngine>(style, mode);

public sealed class RemovalOnSqlite(CallStyle style, ConcurrencyMode mode) : RemovalContract<SqliteEngine>(style, mode);

public sealed class AbandoningOnSqlite(CallStyle style, ConcurrencyMode mode) : AbandonContract<SqliteEngine>(style, mode);

public sealed class ReExecutionOnSqlite(CallStyle style, ConcurrencyMode mode) : ReExecutionContract<SqliteEngine>(style, mode);

public sealed class RequestFlagsOnSqlite(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<SqliteEngine>(style, mode);

public sealed class SessionTouchesOnSqlite(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<SqliteEngine>(style, mode);

public sealed class FormatsOnSqlite(CallStyle style, ConcurrencyMode mode) : FormatContract<SqliteEngine>(style, mode);

public sealed class SizesOnSqlite(CallStyle style, ConcurrencyMode mode) : SizeContract<SqliteEngine>(style, mode);

public sealed class SchemaOnSqlite(CallStyle style) : SchemaContract<SqliteEngine>(style);

public sealed class FirstUseOnSqlite : FirstUseContract<SqliteEngine>;

public sealed class OptionsOnSqlite : OptionsContract<SqliteEngine>;

public sealed class RegistrationOnSqlite : RegistrationContract<SqliteEngine>;

public sealed class SecrecyOnSqlite(CallStyle style) : SecrecyContract<SqliteEngine>(style);

public sealed class FaultsOnSqlite(CallStyle style, ConcurrencyMode mode) : FaultContract<SqliteEngine>(style, mode);

public sealed class SchedulesOnSqlite(CallStyle style, ConcurrencyMode mode) : ScheduleContract<SqliteEngine>(style, mode);

public sealed class OverlappingFlushesOnSqlite : OverlappingFlushContract<SqliteEngine>;

public sealed class JsonSessionsOnSqlite(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<SqliteEngine>(style, mode);

public sealed class JsonInSqlOnSqlite(CallStyle style, ConcurrencyMode mode) : JsonInSqlContract<SqliteEngine>(style, mode);

public sealed class OtherProgramsOnSqlite(CallStyle style, ConcurrencyMode mode) : OtherProgramContract<SqliteEngine>(style, mode);

public sealed class TableKeysOnSqlite(CallStyle style) : TableKeyContract<SqliteEngine>(style);

public sealed class HashedSessionsOnSqlite(CallStyle style, ConcurrencyMode mode) : HashedSessionContract<SqliteEngine>(style, mode);

public sealed class HashedValuesOnSqlite(CallStyle style) : HashedValueContract<SqliteEngine>(style);

public sealed class HashedStatementBudgetOnSqlite : HashedStatementBudgetContract<SqliteEngine>;

public sealed class ProtectedSessionsOnSqlite(CallStyle style, ConcurrencyMode mode) : ProtectedSessionContract<SqliteEngine>(style, mode);

public sealed class ProtectedValuesOnSqlite(CallStyle style) : ProtectedValueContract<SqliteEngine>(style);

public sealed class ProtectedCountersOnSqlite(CallStyle style, ConcurrencyMode mode) : ProtectedCounterContract<SqliteEngine>(style, mode);

public sealed class LostKeyRingOnSqlite : LostKeyRingContract<SqliteEngine>;

public sealed class CountersOnSqlite(CallStyle style, ConcurrencyMode mode) : CounterContract<SqliteEngine>(style, mode);
