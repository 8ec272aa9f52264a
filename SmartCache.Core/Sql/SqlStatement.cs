using System.Collections.Concurrent;
using System.Data;
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
    private readonly (string Name, DbType? Type, SqlValues.Picker Pick)[] _values;
    private readonly ConcurrentQueue<DbCommand> _idle = [];

    public SqlStatement(string text, SqlDialect dialect)
    {
        var values = new List<string>();
        _isSeveral = text.Contains(';', StringComparison.Ordinal);
        Text = ValueNames().Replace(text, match =>
        {
            var name = match.Groups[1].Value;
            if (!values.Contains(name))
                values.Add(name);

            return dialect.ParameterMarker(name, values.IndexOf(name) + 1);
        });
        Values = values;
        _values = [.. values.Select((name, at) =>
        {
            var (type, pick) = SqlValues.Find(name);
            return (dialect.ParameterName(name, at + 1), type, pick);
        })];
    }

    public string Text { get; }

    /// <summary>The names of the values it takes, in the order of the text.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Whether it runs now and then, or is short: not worth preparing, nor always possible.</summary>
    public bool IsRare { get; init; }

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
    public ValueTask<int> ExecuteAsync(StoreConnection connection, in SqlValues values) => RunAsync(connection, Take(connection, in values));

    /// <summary>Runs the statement and folds the rows it finds into one result.</summary>
    public ValueTask<TResult> QueryAsync<TResult>(
        StoreConnection connection, in SqlValues values, TResult seed, Func<TResult, DbDataReader, TResult> add) =>
        RunAsync(connection, Take(connection, in values), seed, add);

    /// <summary>Returns every row the statement finds.</summary>
    public ValueTask<List<TRow>> ListAsync<TRow>(StoreConnection connection, in SqlValues values, Func<DbDataReader, TRow> read) =>
        QueryAsync(connection, in values, new List<TRow>(), (rows, reader) =>
        {
            rows.Add(read(reader));
            return rows;
        });

    public override string ToString() => Text;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> RunAsync(StoreConnection connection, DbCommand command)
    {
        var wasInTransaction = connection.IsInTransaction;
        connection.IsInTransaction = true;
        var isDone = false;
        try
        {
            await PrepareAsync(connection, command).ConfigureAwait(false);
            var affected = connection.IsAsync
                ? await command.ExecuteNonQueryAsync(connection.Token).ConfigureAwait(false)
                : command.ExecuteNonQuery();
            isDone = true;
            if (Commit is not null)
                await Commit.ExecuteAsync(connection, default).ConfigureAwait(false);

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
        StoreConnection connection, DbCommand command, TResult seed, Func<TResult, DbDataReader, TResult> add)
    {
        var (async, token) = (connection.IsAsync, connection.Token);
        var wasInTransaction = connection.IsInTransaction;
        connection.IsInTransaction = true;
        var isDone = false;
        DbDataReader? reader = null;
        try
        {
            await PrepareAsync(connection, command).ConfigureAwait(false);
            reader = async ? await command.ExecuteReaderAsync(token).ConfigureAwait(false) : command.ExecuteReader();
            while (reader.FieldCount == 0 && (async ? await reader.NextResultAsync(token).ConfigureAwait(false) : reader.NextResult()))
            {
                // What precedes the SELECT in the same text, such as BEGIN, has no columns.
            }

            var result = seed;
            while (async ? await reader.ReadAsync(token).ConfigureAwait(false) : reader.Read())
                result = add(result, reader);

            connection.IsInTransaction = wasInTransaction;
            isDone = true;
            return result;
        }
        finally
        {
            if (async && reader is not null)
                await reader.DisposeAsync().ConfigureAwait(false);
            else
                reader?.Dispose();

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
                command = Create(connection);
                if (IsPreparable)
                    command.Prepare();

                kept.Add(this, command);
            }
        }
        else if (connection.MovesCommands && _idle.TryDequeue(out command))
        {
            command.Connection = connection.Connection;
        }
        else
        {
            command = Create(connection);
        }

        for (var i = 0; i < _values.Length; i++)
            command.Parameters[i].Value = _values[i].Pick(in values) ?? DBNull.Value;

        return command;
    }

    private DbCommand Create(StoreConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = Text;
        foreach (var (name, type, _) in _values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            if (type is not null)
                parameter.DbType = type.Value;

            command.Parameters.Add(parameter);
        }

        return command;
    }

    private ValueTask PrepareAsync(StoreConnection connection, DbCommand command)
    {
        if (connection.Preparation != Preparation.EveryUse || !IsPreparable)
            return default;

        if (connection.IsAsync)
            return new ValueTask(command.PrepareAsync(connection.Token));

        command.Prepare();
        return default;
    }

    private void GiveBack(StoreConnection connection, DbCommand command, bool isDone)
    {
        var isKept = connection.Commands is not null && !IsRare;
        if (!isKept && (!connection.MovesCommands || !isDone || IsRare || _idle.Count >= MaxIdleCommands))
        {
            command.Dispose();
            return;
        }

        // A command that waits for its next use must not hold a payload.
        for (var i = 0; i < _values.Length; i++)
            command.Parameters[i].Value = DBNull.Value;

        if (!isKept)
        {
            command.Connection = null;
            _idle.Enqueue(command);
        }
    }

    // Names contain no @ (SqlDialect.FindFault), so every @ begins a value, unless it begins one of MySQL's @@variables.
    [GeneratedRegex("(?<!@)@([A-Za-z_0-9]+)")]
    private static partial Regex ValueNames();
}
