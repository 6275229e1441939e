using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Threadkeep.Setup;

namespace Threadkeep.Api.Tests.Support;

/// <summary>A person's browser: REST with the console's cookie and header.</summary>
public sealed class Browser : IDisposable
{
    public const string Password = "correct horse battery staple";

    private readonly CookieContainer cookies = new();

    /// <param name="source">The IP address it comes from; null: one of its own.</param>
    public Browser(RunningProduct product, string? source = null)
    {
        Http = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(product.ApiUrl, "/api/v1/"),
        };
        Http.DefaultRequestHeaders.Add("X-Threadkeep", "console");
        // Everybody is somewhere else, so that nobody waits for what others have guessed.
        Http.DefaultRequestHeaders.Add("X-Forwarded-For", source ?? NewSource());
    }

    public HttpClient Http { get; }

    public IEnumerable<Cookie> Cookies => cookies.GetAllCookies();

    public static string NewSource() => new IPAddress([10, .. RandomNumberGenerator.GetBytes(3)]).ToString();

    /// <summary>The console's cookie, as a thief would have it.</summary>
    public string CookieHeader =>
        string.Join("; ", Cookies.Where(c => c.Name == "threadkeep_session").Select(c => $"{c.Name}={c.Value}"));

    /// <summary>Somebody for an account's set-up, with an address of their own.</summary>
    public static SetupAgent NewPerson(string role, string name = "Aiko") =>
        new(name, $"{role}-{Guid.NewGuid():N}@example.com", Password, "en", role);

    /// <summary>A browser in which this person is signed in.</summary>
    public static async Task<Browser> OfAsync(RunningProduct product, SetupAgent person)
    {
        var browser = new Browser(product);
        (await browser.SignInAsync(person.Email, person.Password)).Status.ShouldBe(200);
        return browser;
    }

    public Task<Answer> SignInAsync(string email, string password, string? code = null) =>
        PostAsync(
            "sign-in",
            new
            {
                email,
                password,
                code,
            }
        );

    public Task<Answer> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, object? body = null) => CallAsync(HttpMethod.Post, path, body);

    public Task<Answer> PatchAsync(string path, object body) => CallAsync(HttpMethod.Patch, path, body);

    public Task<Answer> PutAsync(string path, object body) => CallAsync(HttpMethod.Put, path, body);

    public Task<Answer> DeleteAsync(string path) => CallAsync(HttpMethod.Delete, path);

    public async Task<Answer> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new Answer((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    public void Dispose() => Http.Dispose();
}
