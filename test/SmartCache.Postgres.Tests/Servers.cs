namespace SmartCache.Postgres.Tests;

public sealed class OutageOnPostgres : OutageContract<PostgresEngine>;

public sealed class LeastPrivilegeOnPostgres(CallStyle style) : LeastPrivilegeContract<PostgresEngine>(style);

public sealed class PressureOnPostgres : PressureContract<PostgresEngine>;

public sealed class DisposalOnPostgres(CallStyle style) : DisposalContract<PostgresEngine>(style);

public sealed class SweepLocksOnPostgres : SweepLockContract<PostgresEngine>;
