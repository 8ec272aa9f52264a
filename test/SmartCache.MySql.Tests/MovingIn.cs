using SmartCache.Contract.KeyHash;
using SmartCache.Contract.MovingIn;
using SmartCache.Contract.MovingIn.Peers;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Protection;

namespace SmartCache.MySql.Tests;

public sealed class MoveFromPomeloOnMySql(CallStyle style) : MoveContract<MySqlEngine, PomeloTable>(style);
public sealed class MoveFromScaledDomainsOnMySql(CallStyle style) : MoveContract<MySqlEngine, ScaledDomainsTable>(style);
public sealed class MoveFromHandMadeOnMySql(CallStyle style) : MoveContract<MySqlEngine, HandMadeMySqlTable>(style);
public sealed class OldKeyOfPomeloOnMySql(CallStyle style) : OldKeyContract<MySqlEngine, PomeloTable>(style);
public sealed class OldKeyOfHandMadeOnMySql(CallStyle style) : OldKeyContract<MySqlEngine, HandMadeMySqlTable>(style);
public sealed class OldRemovalOnMySql(CallStyle style) : OldRemovalContract<MySqlEngine, PomeloTable>(style);
public sealed class OldSessionOnMySql(CallStyle style, ConcurrencyMode mode) : OldSessionContract<MySqlEngine, PomeloTable>(style, mode);
public sealed class FreeMappingOnMySql(CallStyle style) : FreeMappingContract<MySqlEngine>(style);
public sealed class HashedMoveOnMySql(CallStyle style) : HashedMoveContract<MySqlEngine, PomeloTable>(style);
public sealed class ProtectedMoveOnMySql(CallStyle style) : ProtectedMoveContract<MySqlEngine, PomeloTable>(style);
