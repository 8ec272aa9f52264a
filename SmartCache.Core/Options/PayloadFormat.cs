namespace SmartCache;

/// <summary>How sessions are stored. Both forms are read whatever the setting; a session changes over with its next changed save.</summary>
public enum PayloadFormat
{
    /// <summary>The session middleware's own bytes.</summary>
    Binary,

    /// <summary>
    /// JSON text, readable in SQL and by programs in other languages:
    /// <c>{"id":"…","entries":{"name":"text","counter":{"base64":"AAAABQ=="}}}</c>.
    /// </summary>
    Json,
}
