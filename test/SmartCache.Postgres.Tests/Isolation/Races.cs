using SmartCache.Contract.Web;

namespace SmartCache.Postgres.Tests.Isolation;

public sealed class SessionRaceOnRepeatableRead : SessionRaceContract<RepeatableReadEngine>;

public sealed class SessionRaceOnSerializable : SessionRaceContract<SerializableEngine>;
