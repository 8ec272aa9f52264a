namespace SmartCache.Core.Tests;

public sealed class ConventionTests
{
    private const int LineLimit = 300;

    private static readonly string Root = FindRoot();

    [Test]
    public void Library_files_have_at_most_300_lines()
    {
        var files = LibraryFiles().Select(file => (Name: Path.GetRelativePath(Root, file), Lines: File.ReadLines(file).Count())).ToList();

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => file.Lines > LineLimit), Is.Empty);
    }

    private static IEnumerable<string> LibraryFiles() =>
        from library in Directory.EnumerateDirectories(Root, "SmartCache.*")
        from file in Directory.EnumerateFiles(library, "*.cs", SearchOption.AllDirectories)
        where Path.GetRelativePath(library, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")
        select file;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmartCache.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds SmartCache.slnx.");
    }
}
