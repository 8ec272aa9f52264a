using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using SmartCache.Connections;

namespace SmartCache.Sql;

/// <summary>A statement's text as its driver takes it, and the values it takes, in order. Runs on any connection.</summary>
internal sealed partial class SqlStatement
{
    /// <summary>More than a usual load ever has in use at the same time.</summary>
    private const int MaxIdleCommands = 128;

    private readonly bool _isSeveral;
    private readonly string[] _names;
    private readonly ConcurrentQueue<DbCommand> _idle = [];

    public SqlStatement(string text, SqlDialect dialect)
    {
        var values = new List<SqlValue>();
        _isSeveral = text.Contains(';', StringComparison.Ordinal);
        Text = ValueNames().Replace(text, match =>
        {
            var value = Parse(match.Groups[1].Value);
            if (!values.Contains(value))
            {
                values.Add(value);
            }

            return dialect.ParameterMarker(match.Groups[1].Value, values.IndexOf(value) + 1);
        });
        Values = values;
        _names = [.. values.Select((value, at) => dialect.ParameterName(NameOf(value), at + 1))];
    }

    public string Text { get; }

    /// <summary>Whether it runs now and then, or is short: not worth preparing, nor always possible.</summary>
    public bool IsRare { get; init; }

    public IReadOnlyList<SqlValue> Values { get; }

    /// <summary>What the driver knows the values by.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>What ends the statement's transaction, if that takes a text of its own.</summary>
    public SqlStatement? Commit { get; private init; }

    // A text of several statements cannot be prepared on every engine. Names and values contain no semicolon.
    private bool IsPreparable => !IsRare && !_isSeveral;

    /// <summary>The last statement of a transaction that <see cref="SqlDialect.BeginMerge"/> began, and the transaction's end.</summary>
    public static SqlStatement Committing(string text, SqlDialect dialect) =>
        dialect.BeginMerge is null ? new SqlStatement(text, dialect)
        : dialect.CommitsInOneText ? new SqlStatement($"{text};\nCOMMIT", dialect)
        : new SqlStatement(text, dialect) { Commit = new SqlStatement("COMMIT", dialect) { IsRare = true } };

    public static SqlStatement? Optional(string? text, SqlDialect dialect) => text is null ? null : new SqlStatement(text, dialect);

    /// <summary>Runs the statement, ends its transaction if that takes a text of its own, and returns the number of rows affected.</summary>
    public ValueTask<int> ExecuteAsync(StoreConnection connection, in SqlValues values, bool async, CancellationToken cancellationToken) =>
        RunAsync(connection, Take(connection, in values), async, cancellationToken);

    /// <summary>Runs the statement and folds the rows it finds into one result.</summary>
    public ValueTask<TResult> QueryAsync<TResult>(
        StoreConnection connection,
        in SqlValues values,
        TResult seed,
        Func<TResult, DbDataReader, TResult> add,
        bool async,
        CancellationToken cancellationToken) =>
        RunAsync(connection, Take(connection, in values), seed, add, async, cancellationToken);

    /// <summary>Returns every row the statement finds.</summary>
    public ValueTask<List<TRow>> ListAsync<TRow>(
        StoreConnection connection, in SqlValues values, Func<DbDataReader, TRow> read, bool async, CancellationToken cancellationToken) =>
        QueryAsync(
            connection,
            in values,
            new List<TRow>(),
            (rows, reader) =>
            {
                rows.Add(read(reader));
                return rows;
            },
            async,
            cancellationToken);

    public override string ToString() => Text;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> RunAsync(StoreConnection connection, DbCommand command, bool async, CancellationToken cancellationToken)
    {
        var wasInTransaction = connection.IsInTransaction;
        connection.IsInTransaction = true;
        var isDone = false;
        try
        {
            await PrepareAsync(connection, command, async, cancellationToken).ConfigureAwait(false);
            var affected = async
                ? await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteNonQuery();
            isDone = true;
            if (Commit is not null)
            {
                await Commit.ExecuteAsync(connection, default, async, cancellationToken).ConfigureAwait(false);
            }

            connection.IsInTransaction = wasInTransaction;
            return affected;
        }
        finally
        {
            GiveBack(connection, command, isDone);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> RunAsync<TResult>(
        StoreConnection connection,
        DbCommand command,
        TResult seed,
        Func<TResult, DbDataReader, TResult> add,
        bool async,
        CancellationToken cancellationToken)
    {
        var wasInTransaction = connection.IsInTransaction;
        connection.IsInTransaction = true;
        var isDone = false;
        DbDataReader? reader = null;
        try
        {
            await PrepareAsync(connection, command, async, cancellationToken).ConfigureAwait(false);
            reader = async
                ? await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false)
                : command.ExecuteReader();
            while (reader.FieldCount == 0 && (async ? await reader.NextResultAsync(cancellationToken).ConfigureAwait(false) : reader.NextResult()))
            {
                // What precedes the SELECT in the same text, such as BEGIN, has no columns.
            }

            var result = seed;
            while (async ? await reader.ReadAsync(cancellationToken).ConfigureAwait(false) : reader.Read())
            {
                result = add(result, reader);
            }

            connection.IsInTransaction = wasInTransaction;
            isDone = true;
            return result;
        }
        finally
        {
            if (async && reader is not null)
            {
                await reader.DisposeAsync().ConfigureAwait(false);
            }
            else
            {
                reader?.Dispose();
            }

            GiveBack(connection, command, isDone);
        }
    }

    /// <summary>A command with its values: kept with the connection, or used again on whichever connection comes next.</summary>
    private DbCommand Take(StoreConnection connection, in SqlValues values)
    {
        DbCommand? command;
        if (connection.Commands is { } kept && !IsRare)
        {
            if (!kept.TryGetValue(this, out command))
            {
                command = Create(connection.Connection);
                if (IsPreparable)
                {
                    command.Prepare();
                }

                kept.Add(this, command);
            }
        }
        else if (_idle.TryDequeue(out command))
        {
            command.Connection = connection.Connection;
        }
        else
        {
            command = Create(connection.Connection);
        }

        for (var i = 0; i < _names.Length; i++)
        {
            command.Parameters[i].Value = values[Values[i]] ?? DBNull.Value;
        }

        return command;
    }

    private DbCommand Create(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Text;
        for (var i = 0; i < _names.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = _names[i];
            parameter.DbType = SqlValues.TypeOf(Values[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private ValueTask PrepareAsync(StoreConnection connection, DbCommand command, bool async, CancellationToken cancellationToken)
    {
        if (connection.Preparation != Preparation.EveryUse || !IsPreparable)
        {
            return default;
        }

        if (async)
        {
            return new ValueTask(command.PrepareAsync(cancellationToken));
        }

        command.Prepare();
        return default;
    }

    private void GiveBack(StoreConnection connection, DbCommand command, bool isDone)
    {
        var isKept = connection.Commands is not null && !IsRare;
        if (!isKept && (!isDone || IsRare || _idle.Count >= MaxIdleCommands))
        {
            command.Dispose();
            return;
        }

        // A command that waits for its next use must not hold a payload.
        for (var i = 0; i < _names.Length; i++)
        {
            command.Parameters[i].Value = DBNull.Value;
        }

        if (!isKept)
        {
            command.Connection = null;
            _idle.Enqueue(command);
        }
    }

    private static SqlValue Parse(string name) =>
        Enum.TryParse<SqlValue>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) && NameOf(value) == name
            ? value
            : throw new ArgumentException($"The dialect's statement uses @{name}, and no value has that name.");

    private static string NameOf(SqlValue value) => WordStart().Replace(value.ToString(), "_$0").ToLowerInvariant();

    // Names contain no @ (SqlDialect.FindFault), so every @ begins a value, unless it begins one of MySQL's @@variables.
    [GeneratedRegex("(?<!@)@([A-Za-z_0-9]+)")]
    private static partial Regex ValueNames();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
