using SmartCache.Contract;
using SmartCache.Contract.Counters;
using SmartCache.Contract.Expiry;
using SmartCache.Contract.Faults;
using SmartCache.Contract.Json;
using SmartCache.Contract.MovingIn;
using SmartCache.Contract.MovingIn.Peers;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Schedules;
using SmartCache.Contract.Sessions;
using SmartCache.Contract.Setup;
using SmartCache.Contract.Values;

namespace SmartCache.Sqlite.Tests;

/// <summary>
/// Every contract once more, to show that hashed keys change nothing else. Left out are those that compare keys in SQL,
/// how options are read, and the options' own.
/// </summary>
public sealed class CompletenessOnHashed : CompletenessContract<HashedSqliteEngine>
{
    private static readonly Type[] LeftOut =
    [
        typeof(JsonInSqlContract<>), typeof(OtherProgramContract<>), typeof(OldKeyContract<,>), typeof(OptionsContract<>),
        typeof(Contract.Setup.RegistrationContract<>), typeof(FirstUseContract<>),
    ];

    protected override bool MayBeLeftOut(Type contract) =>
        LeftOut.Contains(contract) || contract.Namespace is "SmartCache.Contract.KeyHash" or "SmartCache.Contract.Protection";
}

public sealed class ValuesOnHashed(CallStyle style) : ValueContract<HashedSqliteEngine>(style);

public sealed class KeysOnHashed(CallStyle style) : KeyContract<HashedSqliteEngine>(style);

public sealed class ArgumentsOnHashed(CallStyle style) : ArgumentContract<HashedSqliteEngine>(style);

public sealed class BuffersOnHashed(CallStyle style) : BufferContract<HashedSqliteEngine>(style);

public sealed class CancellationOnHashed : CancellationContract<HashedSqliteEngine>;

public sealed class ExpiryOnHashed(CallStyle style) : ExpiryContract<HashedSqliteEngine>(style);

public sealed class DeferredTouchesOnHashed(CallStyle style) : DeferredTouchContract<HashedSqliteEngine>(style);

public sealed class ImmediateTouchesOnHashed(CallStyle style) : ImmediateTouchContract<HashedSqliteEngine>(style);

public sealed class SweepingOnHashed(CallStyle style) : SweepContract<HashedSqliteEngine>(style);

public sealed class SweepTurnsOnHashed : SweepTurnContract<HashedSqliteEngine>;

public sealed class MergingOnHashed(CallStyle style, ConcurrencyMode mode) : MergeContract<HashedSqliteEngine>(style, mode);

public sealed class MidRequestCommitsOnHashed(CallStyle style, ConcurrencyMode mode) : Contract.Sessions.MidRequestCommitContract<HashedSqliteEngine>(style, mode);

public sealed class SavingOnHashed(CallStyle style, ConcurrencyMode mode) : SavingContract<HashedSqliteEngine>(style, mode);

public sealed class ContendersOnHashed(CallStyle style, ConcurrencyMode mode) : ContenderContract<HashedSqliteEngine>(style, mode);

public sealed class SharedStoresOnHashed(ConcurrencyMode mode) : SharedStoreContract<HashedSqliteEngine>(mode);

public sealed class CommitOrderOnHashed(ConcurrencyMode mode) : CommitOrderContract<HashedSqliteEngine>(mode);

public sealed class SessionOwnershipOnHashed(CallStyle style, ConcurrencyMode mode) : SessionOwnershipContract<HashedSqliteEngine>(style, mode);

public sealed class RemovalOnHashed(CallStyle style, ConcurrencyMode mode) : RemovalContract<HashedSqliteEngine>(style, mode);

public sealed class AbandoningOnHashed(CallStyle style, ConcurrencyMode mode) : Contract.Sessions.AbandonContract<HashedSqliteEngine>(style, mode);

public sealed class ReExecutionOnHashed(CallStyle style, ConcurrencyMode mode) : ReExecutionContract<HashedSqliteEngine>(style, mode);

public sealed class RequestFlagsOnHashed(CallStyle style, ConcurrencyMode mode) : RequestFlagContract<HashedSqliteEngine>(style, mode);

public sealed class SessionTouchesOnHashed(CallStyle style, ConcurrencyMode mode) : SessionTouchContract<HashedSqliteEngine>(style, mode);

public sealed class FormatsOnHashed(CallStyle style, ConcurrencyMode mode) : FormatContract<HashedSqliteEngine>(style, mode);

public sealed class SizesOnHashed(CallStyle style, ConcurrencyMode mode) : SizeContract<HashedSqliteEngine>(style, mode);

public sealed class SchemaOnHashed(CallStyle style) : SchemaContract<HashedSqliteEngine>(style);

public sealed class SecrecyOnHashed(CallStyle style) : SecrecyContract<HashedSqliteEngine>(style);

public sealed class FaultsOnHashed(CallStyle style, ConcurrencyMode mode) : FaultContract<HashedSqliteEngine>(style, mode);

public sealed class SchedulesOnHashed(CallStyle style, ConcurrencyMode mode) : ScheduleContract<HashedSqliteEngine>(style, mode);

public sealed class OverlappingFlushesOnHashed : OverlappingFlushContract<HashedSqliteEngine>;

public sealed class JsonSessionsOnHashed(CallStyle style, ConcurrencyMode mode) : JsonSessionContract<HashedSqliteEngine>(style, mode);

public sealed class TableKeysOnHashed(CallStyle style) : TableKeyContract<HashedSqliteEngine>(style);

public sealed class WebRegistrationOnHashed : Contract.Web.RegistrationContract<HashedSqliteEngine>;

public sealed class WebSessionRaceOnHashed : Contract.Web.SessionRaceContract<HashedSqliteEngine>;

public sealed class WebLogoutOnHashed : Contract.Web.LogoutContract<HashedSqliteEngine>;

public sealed class WebMidRequestCommitOnHashed : Contract.Web.MidRequestCommitContract<HashedSqliteEngine>;

public sealed class WebAbandonOnHashed : Contract.Web.AbandonContract<HashedSqliteEngine>;

public sealed class WebReexecutionOnHashed : Contract.Web.ReexecutionContract<HashedSqliteEngine>;

public sealed class WebNestedSessionsOnHashed : Contract.Web.NestedSessionContract<HashedSqliteEngine>;

public sealed class WebSameEntryOnHashed : Contract.Web.SameEntryContract<HashedSqliteEngine>;

public sealed class WebTempDataOnHashed : Contract.Web.TempDataContract<HashedSqliteEngine>;

public sealed class WebEconomyOnHashed : Contract.Web.EconomyContract<HashedSqliteEngine>;

public sealed class WebSaveOptionsOnHashed : Contract.Web.SaveOptionsContract<HashedSqliteEngine>;

public sealed class WebKeepAliveOnHashed : Contract.Web.KeepAliveContract<HashedSqliteEngine>;

public sealed class WebLongResponseOnHashed : Contract.Web.LongResponseContract<HashedSqliteEngine>;

public sealed class WebFailureOnHashed : Contract.Web.FailureContract<HashedSqliteEngine>;

public sealed class WebPlainValuesOnHashed : Contract.Web.PlainValuesContract<HashedSqliteEngine>;

public sealed class WebBackgroundWorkOnHashed : Contract.Web.BackgroundWorkContract<HashedSqliteEngine>;

public sealed class WebTwoNodesOnHashed : Contract.Web.TwoNodesContract<HashedSqliteEngine>;

public sealed class WebLogSecrecyOnHashed : Contract.Web.LogSecrecyContract<HashedSqliteEngine>;

public sealed class WebStatementBudgetOnHashed : Contract.Web.StatementBudgetContract<HashedSqliteEngine>;

public sealed class MoveFromNeoSmartOnHashed(CallStyle style) : MoveContract<HashedSqliteEngine, NeoSmartTable>(style);

public sealed class OldRemovalOnHashed(CallStyle style) : OldRemovalContract<HashedSqliteEngine, NeoSmartTable>(style);

public sealed class OldSessionOnHashed(CallStyle style, ConcurrencyMode mode) : OldSessionContract<HashedSqliteEngine, NeoSmartTable>(style, mode);

public sealed class FreeMappingOnHashed(CallStyle style) : FreeMappingContract<HashedSqliteEngine>(style);

public sealed class CountersOnHashed(CallStyle style, ConcurrencyMode mode) : CounterContract<HashedSqliteEngine>(style, mode);
