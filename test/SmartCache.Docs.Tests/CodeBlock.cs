namespace SmartCache.Docs.Tests;

/// <summary>A fenced block of a Markdown file.</summary>
internal sealed record CodeBlock(string File, int Line, string Language, IReadOnlyList<string> Lines)
{
    /// <summary>The lines without their indentation, which differs between a page and a method.</summary>
    public IEnumerable<string> Trimmed => Lines.Select(line => line.Trim()).Where(line => line.Length > 0);

    public static IEnumerable<CodeBlock> In(string file)
    {
        var lines = Repository.Text(file).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, "```", i + 1);
                yield return new CodeBlock(file, i + 1, lines[i][3..], lines[(i + 1)..end]);
                i = end;
            }
        }
    }

    public override string ToString() => $"{File}:{Line}";
}
