using SmartCache.Contract.Web;

namespace SmartCache.Sqlite.Tests.Web;

public sealed class SessionRaceOnSqlite : SessionRaceContract<SqliteEngine>;
public sealed class LogoutOnSqlite : LogoutContract<SqliteEngine>;
public sealed class ReexecutionOnSqlite : ReexecutionContract<SqliteEngine>;
public sealed class NestedSessionsOnSqlite : NestedSessionContract<SqliteEngine>;
public sealed class TempDataOnSqlite : TempDataContract<SqliteEngine>;
public sealed class EconomyOnSqlite : EconomyContract<SqliteEngine>;
public sealed class KeepAliveOnSqlite : KeepAliveContract<SqliteEngine>;
public sealed class LongResponseOnSqlite : LongResponseContract<SqliteEngine>;
public sealed class FailureOnSqlite : FailureContract<SqliteEngine>;
public sealed class PlainValuesOnSqlite : PlainValuesContract<SqliteEngine>;
public sealed class BackgroundWorkOnSqlite : BackgroundWorkContract<SqliteEngine>;
public sealed class TwoNodesOnSqlite : TwoNodesContract<SqliteEngine>;
public sealed class StatementBudgetOnSqlite : StatementBudgetContract<SqliteEngine>;
