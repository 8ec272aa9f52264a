namespace SmartCache.Docs.Tests;

public sealed class LinkTests
{
    [TestCaseSource(typeof(Page), nameof(Page.All))]
    public void A_link_leads_to_a_file_and_to_a_heading(object source)
    {
        var page = (Page)source;
        var broken = page.Links.Where(link => !Leads(link.Path, link.Anchor)).Select(link => $"{link.Path}#{link.Anchor}");

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Every_page_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string> { "README.md" };
        var waiting = new Queue<string>(reached);
        while (waiting.TryDequeue(out var file))
        {
            foreach (var link in Find(file)?.Links ?? [])
            {
                if (reached.Add(link.Path))
                    waiting.Enqueue(link.Path);
            }
        }

        Assert.That(Page.All.Select(page => page.File).Except(reached), Is.Empty);
    }

    [Test]
    public void Every_picture_of_the_documentation_is_shown()
    {
        var shown = Page.All.SelectMany(page => page.Links).Select(link => link.Path);
        var pictures = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "images")).Select(file => $"docs/images/{Path.GetFileName(file)}");

        Assert.That(pictures.Except(shown), Is.Empty);
    }

    private static bool Leads(string file, string anchor) =>
        Find(file) is { } page
            ? anchor.Length == 0 || page.Anchors.Contains(anchor)
            : Path.Exists(Path.Combine(Repository.Root, file));

    private static Page? Find(string file) => Page.All.FirstOrDefault(page => page.File == file);
}
