using FirebirdSql.Data.FirebirdClient;

namespace SmartCache.Firebird.Tests;

/// <summary>Firebird on a server of its own.</summary>
public sealed class FirebirdEngine() : ServerEngine("firebird", new FirebirdFamily())
{
    /// <summary>How long a change of a table waits for whoever still looks at it, such as the server's garbage collection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // SKIP LOCKED came with Firebird 5. The driver's transactions do not wait for a lock.
    public override bool PassesOverLockedRows => false;
    public override bool PoolNoticesCuts => false;
    public override bool SharesStatements => false;

    // The provider gives each key a last byte, because the server ignores zero bytes at the end.
    public override byte[] StoredKey(byte[] key) => [.. key, 1];

    public override byte[] KeyOf(byte[] stored) => stored[..^1];

    public override string DropTable(string table) =>
        $"""
        EXECUTE BLOCK AS BEGIN
          IF (EXISTS (SELECT 1 FROM RDB$RELATIONS WHERE RDB$RELATION_NAME = '{table.ToUpperInvariant()}')) THEN
            EXECUTE STATEMENT 'DROP TABLE {Quote(table)}';
        END
        """;

    // Firebird cannot rename a table. Every statement about a row names its expiry.
    public override string Hide(string table) => $"ALTER TABLE {Quote(table)} ALTER COLUMN expires_at TO expires_away";

    public override string Show(string table) => $"ALTER TABLE {Quote(table)} ALTER COLUMN expires_away TO expires_at";

    public override IEnumerable<string> CopyWithoutKey(string table, string copy) =>
    [
        Family.CreateTableScript(copy),
        $"""
        EXECUTE BLOCK AS DECLARE key_name VARCHAR(31); BEGIN
          SELECT TRIM(RDB$CONSTRAINT_NAME) FROM RDB$RELATION_CONSTRAINTS
          WHERE RDB$RELATION_NAME = '{copy.ToUpperInvariant()}' AND RDB$CONSTRAINT_TYPE = 'PRIMARY KEY'
          INTO key_name;
          EXECUTE STATEMENT 'ALTER TABLE {Quote(copy)} DROP CONSTRAINT ' || key_name;
        END
        """,
    ];

    public override void Alter(string statement)
    {
        // The server does not change a table while an idle connection of the driver's pool still holds it.
        Family.ClearPools();
        using var connection = (FbConnection)OpenConnection();
        using var transaction = connection.BeginTransaction(new FbTransactionOptions
        {
            TransactionBehavior = FbTransactionBehavior.Concurrency | FbTransactionBehavior.Wait | FbTransactionBehavior.Write,
            WaitTimeout = Patience,
        });
        using var command = new FbCommand(statement, connection, transaction);
        command.ExecuteNonQuery();
        transaction.Commit();
    }
}

[SetUpFixture]
public sealed class FirebirdSetUp : EngineSetUp<FirebirdEngine>;
