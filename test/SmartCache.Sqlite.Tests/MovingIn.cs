using SmartCache.Contract.KeyHash;
using SmartCache.Contract.MovingIn;
using SmartCache.Contract.MovingIn.Peers;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Protection;

namespace SmartCache.Sqlite.Tests;

public sealed class MoveFromNeoSmartOnSqlite(CallStyle style) : MoveContract<SqliteEngine, NeoSmartTable>(style);
public sealed class MoveFromHandMadeOnSqlite(CallStyle style) : MoveContract<SqliteEngine, HandMadeSqliteTable>(style);
public sealed class OldKeyOfNeoSmartOnSqlite(CallStyle style) : OldKeyContract<SqliteEngine, NeoSmartTable>(style);
public sealed class OldKeyOfHandMadeOnSqlite(CallStyle style) : OldKeyContract<SqliteEngine, HandMadeSqliteTable>(style);
public sealed class OldRemovalOnSqlite(CallStyle style) : OldRemovalContract<SqliteEngine, NeoSmartTable>(style);
public sealed class OldSessionOnSqlite(CallStyle style, ConcurrencyMode mode) : OldSessionContract<SqliteEngine, NeoSmartTable>(style, mode);
public sealed class FreeMappingOnSqlite(CallStyle style) : FreeMappingContract<SqliteEngine>(style);
public sealed class HashedMoveOnSqlite(CallStyle style) : HashedMoveContract<SqliteEngine, NeoSmartTable>(style);
public sealed class ProtectedMoveOnSqlite(CallStyle style) : ProtectedMoveContract<SqliteEngine, NeoSmartTable>(style);
