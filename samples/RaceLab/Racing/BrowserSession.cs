using System.Net;

namespace RaceLab.Racing;

/// <summary>One visitor of an app, with a cookie jar.</summary>
internal sealed class BrowserSession(HttpClient client)
{
    private readonly CookieContainer _cookies = new();

    /// <summary>Asks the app to set an entry of the session.</summary>
    /// <returns>Whether the app acknowledged it.</returns>
    public async Task<bool> SetAsync(SessionEntry entry, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, $"entries/{entry.Name}?value={entry.Value}");
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            Keep(response);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Reads all entries of the session.</summary>
    public async Task<Dictionary<string, string>> ReadAsync(CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, "entries");
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(cancellationToken) ?? [];
    }

    /// <summary>Asks for something that has nothing to do with the session.</summary>
    /// <returns>Whether it was answered.</returns>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, "ping");
        using var response = await client.SendAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", _cookies.GetCookieHeader(client.BaseAddress!));
        }

        return request;
    }

    private void Keep(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            foreach (var cookie in cookies)
            {
                _cookies.SetCookies(client.BaseAddress!, cookie);
            }
        }
    }
}

internal sealed record SessionEntry(string Name, string Value);
