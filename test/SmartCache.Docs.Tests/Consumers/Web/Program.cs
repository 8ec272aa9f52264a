using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.DataProtection;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddSmartSqliteCache(builder.Configuration["CONNECTION"]!);
builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo("keys"));
AddSession(builder.Services);
var app = builder.Build();
app.UseSession();
app.MapGet("/visit", (HttpContext context) =>
{
    var visits = (context.Session.GetInt32("visits") ?? 0) + 1;
    context.Session.SetInt32("visits", visits);
    return $"visit {visits}";
});
app.Run();

// ASP.NET Core warns that its session middleware is not made for trimming. SmartCache's own code has to be free of warnings.
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A test runs the native program.")]
static void AddSession(IServiceCollection services) => services.AddSession();
