namespace SmartCache.MySql.Tests;

public sealed class OutageOnMySql : OutageContract<MySqlEngine>;

public sealed class LeastPrivilegeOnMySql(CallStyle style) : LeastPrivilegeContract<MySqlEngine>(style);

public sealed class PressureOnMySql : PressureContract<MySqlEngine>;

public sealed class DisposalOnMySql(CallStyle style) : DisposalContract<MySqlEngine>(style);

public sealed class SweepLocksOnMySql : SweepLockContract<MySqlEngine>;
