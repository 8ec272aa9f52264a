namespace SmartCache.Firebird.Tests;

public sealed class OutageOnFirebird : OutageContract<FirebirdEngine>;

public sealed class LeastPrivilegeOnFirebird(CallStyle style) : LeastPrivilegeContract<FirebirdEngine>(style);

public sealed class DisposalOnFirebird(CallStyle style) : DisposalContract<FirebirdEngine>(style);

public sealed class SweepLocksOnFirebird : SweepLockContract<FirebirdEngine>;

/// <summary>What a connection that the server closed does to the next operation.</summary>
public sealed class KilledConnectionTests(CallStyle style) : StyledContract<FirebirdEngine>(style)
{
    [Test]
    public async Task A_store_whose_connection_was_killed_is_tried_again()
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);
        Table.Run("DELETE FROM MON$ATTACHMENTS WHERE MON$ATTACHMENT_ID <> CURRENT_CONNECTION AND MON$SYSTEM_FLAG = 0");
        await Cache.SetAsync("page", [2], Expires.ByDefault);

        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
    }
}
