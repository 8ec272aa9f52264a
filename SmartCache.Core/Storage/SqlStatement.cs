using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;

namespace SmartCache.Storage;

/// <summary>A statement's text as its driver takes it, and the values it takes, in order.</summary>
internal sealed partial class SqlStatement
{
    /// <summary>More than are ever in use at the same time under a usual load.</summary>
    private const int MaxIdleCommands = 128;

    private readonly bool _isSeveral;
    private readonly ConcurrentQueue<DbCommand> _idle = [];

    public SqlStatement(string text, SqlDialect dialect)
    {
        var parameters = new List<Parameter>();
        Text = ParameterNames().Replace(text, match =>
        {
            var parameter = Parse(match.Groups[1].Value);
            var at = parameters.IndexOf(parameter);
            if (at < 0)
            {
                at = parameters.Count;
                parameters.Add(parameter);
            }

            return dialect.ParameterMarker(match.Groups[1].Value, at + 1);
        });
        _isSeveral = Text.Contains(';', StringComparison.Ordinal);
        Parameters = parameters;
        Markers = [.. parameters.Select((parameter, at) => dialect.ParameterMarker(NameOf(parameter), at + 1))];
    }

    public string Text { get; }

    /// <summary>Runs now and then, or is short: not worth keeping prepared, nor always possible.</summary>
    public bool IsRare { get; init; }

    /// <summary>A text of several statements cannot be prepared on every engine. Names and values hold no semicolon.</summary>
    public bool IsPreparable => !IsRare && !_isSeveral;

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<string> Markers { get; }

    /// <summary>What ends the statement's transaction, where that takes a text of its own.</summary>
    public SqlStatement? Commit { get; private init; }

    /// <summary>What comes last in a transaction that this dialect's <see cref="SqlDialect.BeginMerge"/> began, and its end.</summary>
    public static SqlStatement Committing(string text, SqlDialect dialect) =>
        dialect.BeginMerge is null ? new SqlStatement(text, dialect)
        : dialect.CommitsInOneText ? new SqlStatement($"{text};\nCOMMIT", dialect)
        : new SqlStatement(text, dialect) { Commit = new SqlStatement("COMMIT", dialect) { IsRare = true } };

    public static SqlStatement? Optional(string? text, SqlDialect dialect) => text is null ? null : new SqlStatement(text, dialect);

    /// <summary>A command that runs the statement on a connection. Its parameters are made once, and used again.</summary>
    public DbCommand TakeCommand(DbConnection connection)
    {
        if (_idle.TryDequeue(out var idle))
        {
            idle.Connection = connection;
            return idle;
        }

        var command = connection.CreateCommand();
        command.CommandText = Text;
        for (var i = 0; i < Parameters.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = Markers[i];
            parameter.DbType = Parameters[i].DbType();
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Gives a command the values that the statement takes.</summary>
    public void SetValues(DbCommand command, in StatementArguments arguments)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            command.Parameters[i].Value = arguments[Parameters[i]] ?? DBNull.Value;
        }
    }

    /// <summary>Has a command that waits for its next use hold no payload.</summary>
    public void ClearValues(DbCommand command)
    {
        for (var i = 0; i < Parameters.Count; i++)
        {
            command.Parameters[i].Value = DBNull.Value;
        }
    }

    /// <summary>Takes back a command that has run to its end, for whatever connection comes next.</summary>
    public void GiveBack(DbCommand command)
    {
        if (IsRare || _idle.Count >= MaxIdleCommands)
        {
            command.Dispose();
            return;
        }

        ClearValues(command);
        command.Connection = null;
        _idle.Enqueue(command);
    }

    public override string ToString() => Text;

    private static Parameter Parse(string name) =>
        Enum.TryParse<Parameter>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var parameter) && NameOf(parameter) == name
            ? parameter
            : throw new ArgumentException($"The dialect's statement takes a value @{name}, which there is none of that name.");

    private static string NameOf(Parameter parameter) =>
        WordStart().Replace(parameter.ToString(), "_$0").ToLowerInvariant();

    // Names hold no @ (SqlDialect.FindFault), so every @ in a text begins a value, unless it is one of MySQL's @@variables.
    [GeneratedRegex("(?<!@)@([A-Za-z_0-9]+)")]
    private static partial Regex ParameterNames();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
