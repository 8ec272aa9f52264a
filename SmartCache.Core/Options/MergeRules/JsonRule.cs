using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmartCache.MergeRules;

/// <summary>The three-way merge of a session's entries, one floor below: over the properties of JSON objects.</summary>
internal sealed class JsonRule : EntryRule
{
    private static readonly JsonDocumentOptions EachNameOnce = new() { AllowDuplicateProperties = false };

    // Readable: only what JSON itself demands is escaped. The text never goes into a page.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override byte[]? Merge(byte[]? loaded, byte[]? mine, byte[]? theirs) => Bytes(Merge(Parse(loaded), Parse(mine), Parse(theirs)));

    private static JsonNode? Merge(JsonNode? loaded, JsonNode? mine, JsonNode? theirs)
    {
        if (mine is not JsonObject ours || theirs is not JsonObject others)
            return mine;

        var before = loaded as JsonObject ?? [];
        var removed = before.Select(static property => property.Key).Where(name => !ours.ContainsKey(name)).ToHashSet();

        // Put together anew: to remove from an object is to move whatever comes after.
        var merged = new JsonObject();
        foreach (var (name, value) in others.Where(property => !removed.Contains(property.Key)))
            merged.Add(name, value?.DeepClone());

        foreach (var (name, value) in ours)
        {
            var isOld = before.TryGetPropertyValue(name, out var old);
            if (isOld && JsonNode.DeepEquals(old, value))
                continue;

            merged[name] = (others.TryGetPropertyValue(name, out var other) ? Merge(old, value, other) : value)?.DeepClone();
        }

        return merged;
    }

    private static JsonNode? Parse(byte[]? value)
    {
        try
        {
            return value is null ? null : JsonNode.Parse(value, documentOptions: EachNameOnce);
        }
        catch (JsonException)
        {
            // Not the parser's exception: it quotes the value, and this goes into logs.
            throw new FormatException("A value is no JSON, or has the same name twice.");
        }
    }

    private static byte[] Bytes(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            if (node is null)
                writer.WriteNullValue();
            else
                node.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
