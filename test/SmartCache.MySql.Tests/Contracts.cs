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

namespace SmartCache.MySql.Tests;

public sealed class CompletenessOnMySql : CompletenessContract<MySqlEngine>;

public sealed class ValuesOnMySql(CallStyle style) : ValueContract<MySqlEngine>(style);

public sealed class KeysOnMySql(CallStyle style) : KeyContract<MySqlEngine>(style);

public sealed class ArgumentsOnMySql(CallStyle style) : ArgumentContract<MySqlEngine>(style);

public sealed class BuffersOnMySql(CallStyle style) : BufferContract<MySqlEngine>(style);

public sealed class CancellationOnMySql : CancellationContract<MySqlEngine>;

public sealed class ExpiryOnMySql(CallStyle style) : ExpiryContract<MySqlEngine>(style);

public sealed class DeferredTouchesOnMySql(CallStyle style) : DeferredTouchContract<MySqlEngine>(style);

public sealed class ImmediateTouchesOnMySql(CallStyle style) : ImmediateTouchContract<MySqlEngine>(style);

public sealed class SweepingOnMySql(CallStyle style) : SweepContract<MySqlEngine>(style);

public sealed class SweepTurnsOnMySql : SweepTurnContract<MySqlEngine>;

public sealed class MergingOnMySql(CallStyle style, ConcurrencyMode mode) : MergeContract<MySqlEngine>(style, mode);

public sealed class MidRequestCommitsOnMySql(CallStyle style, ConcurrencyMode mode) : MidRequestCommitContract<MySqlEngine>(style, mode);

public sealed class SavingOnMySql(CallStyle style, ConcurrencyMode mode) : SavingContract<MySqlEngine>(style, mode);

public sealed class ContendersOnMySql(CallStyle style, ConcurrencyMode mode) : ContenderContract<MySqlEngine>(style, mode);

public sealed class SharedStoresOnMySql(ConcurrencyMode mode) : SharedStoreContract<MySqlEngine>(mode);

public sealed class CommitOrderOnMySql(ConcurrencyMode mode) : CommitOrderContract<MySqlEngine>(mode);

public sealed class SessionOwnershipOnMySql(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<MySqlEngine>(style, mode);

public sealed class RemovalOnMySql(CallStyle style, ConcurrencyMode mode) : RemovalContract<MySqlEngine>(style, mode);

public sealed class AbandoningOnMySql(CallStyle style, ConcurrencyMode mode) : AbandonContract<MySqlEngine>(style, mode);

public sealed class ReExecutionOnMySql(CallStyle style, ConcurrencyMode mode) : ReExecutionContract<MySqlEngine>(style, mode);

public sealed class RequestFlagsOnMySql(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<MySqlEngine>(style, mode);

public sealed class SessionTouchesOnMySql(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<MySqlEngine>(style, mode);

public sealed class FormatsOnMySql(CallStyle style, ConcurrencyMode mode) : FormatContract<MySqlEngine>(style, mode);

public sealed class SizesOnMySql(CallStyle style, ConcurrencyMode mode) : SizeContract<MySqlEngine>(style, mode);

public sealed class SchemaOnMySql(CallStyle style) : SchemaContract<MySqlEngine>(style);

public sealed class FirstUseOnMySql : FirstUseContract<MySqlEngine>;

public sealed class OptionsOnMySql : OptionsContract<MySqlEngine>;

public sealed class RegistrationOnMySql : RegistrationContract<MySqlEngine>;

public sealed class SecrecyOnMySql(CallStyle style) : SecrecyContract<MySqlEngine>(style);

public sealed class FaultsOnMySql(CallStyle style, ConcurrencyMode mode) : FaultContract<MySqlEngine>(style, mode);

public sealed class SchedulesOnMySql(CallStyle style, ConcurrencyMode mode) : ScheduleContract<MySqlEngine>(style, mode);

public sealed class OverlappingFlushesOnMySql : OverlappingFlushContract<MySqlEngine>;

public sealed class JsonSessionsOnMySql(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<MySqlEngine>(style, mode);

public sealed class JsonInSqlOnMySql(CallStyle style, ConcurrencyMode mode) : JsonInSqlContract<MySqlEngine>(style, mode);

public sealed class OtherProgramsOnMySql(CallStyle style, ConcurrencyMode mode) : OtherProgramContract<MySqlEngine>(style, mode);

public sealed class TableKeysOnMySql(CallStyle style) : TableKeyContract<MySqlEngine>(style);

public sealed class HashedSessionsOnMySql(CallStyle style, ConcurrencyMode mode) : HashedSessionContract<MySqlEngine>(style, mode);

public sealed class HashedValuesOnMySql(CallStyle style) : HashedValueContract<MySqlEngine>(style);

public sealed class HashedStatementBudgetOnMySql : HashedStatementBudgetContract<MySqlEngine>;

public sealed class HashTakenOnMySql(CallStyle style, ConcurrencyMode mode) : HashTakenContract<MySqlEngine>(style, mode);

public sealed class ProtectedSessionsOnMySql(CallStyle style, ConcurrencyMode mode) : ProtectedSessionContract<MySqlEngine>(style, mode);

public sealed class ProtectedValuesOnMySql(CallStyle style) : ProtectedValueContract<MySqlEngine>(style);

public sealed class ProtectedCountersOnMySql(CallStyle style, ConcurrencyMode mode) : ProtectedCounterContract<MySqlEngine>(style, mode);

public sealed class LostKeyRingOnMySql : LostKeyRingContract<MySqlEngine>;

public sealed class CountersOnMySql(CallStyle style, ConcurrencyMode mode) : CounterContract<MySqlEngine>(style, mode);

public sealed class CutCountersOnMySql(CallStyle style) : CutCounterContract<MySqlEngine>(style);
