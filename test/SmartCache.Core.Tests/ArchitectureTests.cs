using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmartCache.Core.Tests;

/// <summary>References between the core's folders point one way.</summary>
public sealed class ArchitectureTests
{
    /// <summary>The folders from the bottom up. A folder may use those before it; "" is the root, with the cache itself.</summary>
    private static readonly string[] Folders =
        ["Primitives", "Options", "Diagnostics", "Payloads", "Connections", "Sql", "Rows", "Touches", "Sweeping", "Sessions", "Tickets", "Owners", "", "Registration"];

    private const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string Core = Path.Combine(ConventionTests.Root, "SmartCache.Core");

    [Test]
    public void Every_folder_has_its_place_in_the_order() =>
        Assert.That(Sources().Select(tree => FolderOf(tree.FilePath)).Distinct(), Is.EquivalentTo(Folders));

    [Test]
    public void No_folder_uses_one_above_it() => Assert.That(ReferencesUpwards([.. Sources()]), Is.Empty);

    [Test]
    public void A_reference_that_is_turned_round_is_found()
    {
        var turned = CSharpSyntaxTree.ParseText(
            "namespace SmartCache.Rows; internal static class Turned { public static object? Peek(Sessions.SessionSave save) => save; }",
            path: Path.Combine(Core, "Rows", "Turned.cs"));

        Assert.That(ReferencesUpwards([.. Sources(), turned]), Is.EqualTo(new[] { "Rows/Turned.cs uses SessionSave of Sessions" }));
    }

    private static IEnumerable<SyntaxTree> Sources() =>
        from file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
        where Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")
        select CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file);

    private static List<string> ReferencesUpwards(List<SyntaxTree> trees)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static file => Path.GetFileName(file) != "SmartCache.Core.dll")
            .Select(static file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create("SmartCache.Core", [.. trees, CSharpSyntaxTree.ParseText(Usings)], platform);
        var found =
            from tree in trees
            let model = compilation.GetSemanticModel(tree)
            from name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            let symbol = model.GetSymbolInfo(name).Symbol
            let type = symbol as ITypeSymbol ?? symbol?.ContainingType
            where type is not null
            from declaration in type.OriginalDefinition.DeclaringSyntaxReferences
            let used = FolderOf(declaration.SyntaxTree.FilePath)
            where Array.IndexOf(Folders, used) > Array.IndexOf(Folders, FolderOf(tree.FilePath))
            select $"{Path.GetRelativePath(Core, tree.FilePath)} uses {type.Name} of {used}";
        return [.. found.Distinct()];
    }

    private static string FolderOf(string file) =>
        Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : "";
}
