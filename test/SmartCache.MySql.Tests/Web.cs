using SmartCache.Contract.Web;

namespace SmartCache.MySql.Tests.Web;

public sealed class SessionRaceOnMySql : SessionRaceContract<MySqlEngine>;
public sealed class LogoutOnMySql : LogoutContract<MySqlEngine>;
public sealed class ReexecutionOnMySql : ReexecutionContract<MySqlEngine>;
public sealed class NestedSessionsOnMySql : NestedSessionContract<MySqlEngine>;
public sealed class TempDataOnMySql : TempDataContract<MySqlEngine>;
public sealed class EconomyOnMySql : EconomyContract<MySqlEngine>;
public sealed class KeepAliveOnMySql : KeepAliveContract<MySqlEngine>;
public sealed class LongResponseOnMySql : LongResponseContract<MySqlEngine>;
public sealed class FailureOnMySql : FailureContract<MySqlEngine>;
public sealed class PlainValuesOnMySql : PlainValuesContract<MySqlEngine>;
public sealed class BackgroundWorkOnMySql : BackgroundWorkContract<MySqlEngine>;
public sealed class TwoNodesOnMySql : TwoNodesContract<MySqlEngine>;
public sealed class StatementBudgetOnMySql : StatementBudgetContract<MySqlEngine>;
