using SmartCache.Contract.Counters;
using SmartCache.Contract.KeyHash;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Servers;

namespace SmartCache.Firebird.Tests;

public sealed class OutageOnFirebird : OutageContract<FirebirdEngine>;

public sealed class LeastPrivilegeOnFirebird(CallStyle style) : LeastPrivilegeContract<FirebirdEngine>(style);

public sealed class DisposalOnFirebird(CallStyle style) : DisposalContract<FirebirdEngine>(style);

public sealed class SweepLocksOnFirebird : SweepLockContract<FirebirdEngine>;

public sealed class PressureOnFirebird : PressureContract<FirebirdEngine>;

public sealed class CutCountersOnFirebird(CallStyle style) : CutCounterContract<FirebirdEngine>(style);

public sealed class HashTakenOnFirebird(CallStyle style, ConcurrencyMode mode) : HashTakenContract<FirebirdEngine>(style, mode);
