using SmartCache.Contract.KeyHash;
using SmartCache.Contract.MovingIn;
using SmartCache.Contract.MovingIn.Peers;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Protection;

namespace SmartCache.Postgres.Tests;

public sealed class MoveFromMicrosoftOnPostgres(CallStyle style) : MoveContract<PostgresEngine, MicrosoftPostgresTable>(style);
public sealed class MoveFromCommunityOnPostgres(CallStyle style) : MoveContract<PostgresEngine, CommunityPostgreSqlTable>(style);
public sealed class MoveFromHandMadeOnPostgres(CallStyle style) : MoveContract<PostgresEngine, HandMadePostgresTable>(style);
public sealed class OldKeyOfMicrosoftOnPostgres(CallStyle style) : OldKeyContract<PostgresEngine, MicrosoftPostgresTable>(style);
public sealed class OldKeyOfCommunityOnPostgres(CallStyle style) : OldKeyContract<PostgresEngine, CommunityPostgreSqlTable>(style);
public sealed class OldRemovalOnPostgres(CallStyle style) : OldRemovalContract<PostgresEngine, MicrosoftPostgresTable>(style);
public sealed class OldSessionOnPostgres(CallStyle style, ConcurrencyMode mode) : OldSessionContract<PostgresEngine, MicrosoftPostgresTable>(style, mode);
public sealed class FreeMappingOnPostgres(CallStyle style) : FreeMappingContract<PostgresEngine>(style);
public sealed class HashedMoveOnPostgres(CallStyle style) : HashedMoveContract<PostgresEngine, MicrosoftPostgresTable>(style);
public sealed class ProtectedMoveOnPostgres(CallStyle style) : ProtectedMoveContract<PostgresEngine, MicrosoftPostgresTable>(style);
