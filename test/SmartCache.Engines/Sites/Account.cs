namespace SmartCache.Engines.Sites;

/// <summary>The user that a server runs as when we are root, which servers refuse to be.</summary>
internal sealed record Account(string UserId, string GroupId)
{
    /// <summary>The first of these users there is, or null to stay who we are.</summary>
    public static Account? Choose(IEnumerable<string> names, string? root)
    {
        if (!Environment.IsPrivilegedProcess)
            return null;

        var users = File.ReadLines($"{root}/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        return names
            .SelectMany(name => users.Where(fields => fields[0] == name))
            .Select(fields => new Account(fields[2], fields[3]))
            .First();
    }
}
