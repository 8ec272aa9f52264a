using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace RaceLab.Contenders;

/// <summary>Keeps the keys that protect session cookies in memory: by default they are a file in the user's home.</summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly List<XElement> _elements = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_elements)
        {
            return [.. _elements];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_elements)
        {
            _elements.Add(element);
        }
    }
}
