using SmartCache.Contract.Web;

namespace SmartCache.Postgres.Tests.Web;

public sealed class SessionRaceOnPostgres : SessionRaceContract<PostgresEngine>;
public sealed class LogoutOnPostgres : LogoutContract<PostgresEngine>;
public sealed class ReexecutionOnPostgres : ReexecutionContract<PostgresEngine>;
public sealed class NestedSessionsOnPostgres : NestedSessionContract<PostgresEngine>;
public sealed class TempDataOnPostgres : TempDataContract<PostgresEngine>;
public sealed class EconomyOnPostgres : EconomyContract<PostgresEngine>;
public sealed class KeepAliveOnPostgres : KeepAliveContract<PostgresEngine>;
public sealed class LongResponseOnPostgres : LongResponseContract<PostgresEngine>;
public sealed class FailureOnPostgres : FailureContract<PostgresEngine>;
public sealed class PlainValuesOnPostgres : PlainValuesContract<PostgresEngine>;
public sealed class BackgroundWorkOnPostgres : BackgroundWorkContract<PostgresEngine>;
public sealed class TwoNodesOnPostgres : TwoNodesContract<PostgresEngine>;
public sealed class StatementBudgetOnPostgres : StatementBudgetContract<PostgresEngine>;
