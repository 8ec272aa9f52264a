using System.Text.RegularExpressions;

namespace SmartCache.Docs.Tests;

/// <summary>A Markdown page of the repository.</summary>
/// <param name="File">Its path, from the root of the repository.</param>
internal sealed partial record Page(string File)
{
    /// <summary>Every page: those at the root, those of docs and bench, and the readmes of the packages.</summary>
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "bench"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetDirectories(Repository.Root, "SmartCache.*").Select(static folder => Path.Combine(folder, "README.md")))
            .Select(file => new Page(Relative(file))),
    ];

    public IEnumerable<CodeBlock> CodeBlocks => CodeBlock.In(File);

    /// <summary>The links to files of the repository, with the path from its root and the anchor, empty if there is none.</summary>
    public IEnumerable<(string Path, string Anchor)> Links =>
        from link in LinkTarget().Matches(Prose)
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        let parts = target.Split('#', 2)
        let file = parts[0].Length == 0 ? File : Relative(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(File)!, parts[0])))
        select (file, parts.Length == 2 ? parts[1] : "");

    /// <summary>The anchors that GitHub gives the headings: https://docs.github.com/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links.</summary>
    public IEnumerable<string> Anchors =>
        from heading in Heading().Matches(Prose)
        select NoAnchor().Replace(heading.Groups["text"].Value.ToLowerInvariant(), "").Replace(' ', '-');

    public override string ToString() => File;

    /// <summary>The text without its code, in which a bracket is no link and a number sign no heading.</summary>
    private string Prose => InlineCode().Replace(FencedCode().Replace(Repository.Text(File), ""), "$1");

    private static string Relative(string file) => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"^#{1,6} (?<text>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"^ *```.*?^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencedCode();

    [GeneratedRegex("`([^`\n]*)`")]
    private static partial Regex InlineCode();
}
