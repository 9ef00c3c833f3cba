using System.Globalization;
using NixGen.EndToEnd.Resolve;
using NixGen.Testing.Azure;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>Lists of blobs: long ones, odd ones, and names that Azurite can't hold.</summary>
public sealed class AzureListingTests : IAsyncLifetime
{
    private readonly LockingMachine machine = new();
    private LoopbackAzure? started;
    private AzureContainer? models;

    private LoopbackAzure Server => started ?? throw new InvalidOperationException("Not started.");

    private AzureContainer Container => models ?? throw new InvalidOperationException("Not started.");

    private string Model => $"m: {{ source: {{ azure: {{ account: {Server.Account}, container: models, prefix: v1, endpoint: '{Server.Url}' }} }} }}";

    public async Task InitializeAsync()
    {
        started = await LoopbackAzure.StartAsync();
        models = Server.Add(new AzureContainer("models") { IsPublic = true });
    }

    public async Task DisposeAsync()
    {
        machine.Dispose();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_blobs_come_in_pages()
    {
        var names = Enumerable.Range(0, 10_000).Select(number => string.Create(CultureInfo.InvariantCulture, $"part {number:00000}+.bin")).ToArray();
        foreach (var name in names)
            Container.Put("v1/" + name, name[^6..]);
        Container.Put("v10/other", "other");
        Server.PageSize = 4000;
        var locked = (await machine.SucceedAsync(Model)).Models["m"];
        Assert.Equal(names, locked.Files.Select(file => file.Path));
        Assert.All(locked.Files, file => Assert.NotNull(file.Version));
        Assert.Equal(3, Server.Log.Count(call => call.Target.Contains("comp=list", StringComparison.Ordinal)));
        Assert.Equal(10_000, Server.Log.Count(call => call.Target.StartsWith($"/{Server.Account}/models/v1/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_list_that_leads_back_to_itself_is_said_and_asked_for_twice()
    {
        Container.Put("v1/a", "a");
        Container.Put("v1/b", "b");
        (Server.PageSize, Server.TurnsInCircles) = (1, true);
        var error = await machine.FailAsync("NG3389", Model);
        Assert.Contains("leads back to the same page", error.Actual ?? error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Server.Log.Count);
    }

    [Theory]
    [InlineData(@"v1/a\b", "NG3127")]
    [InlineData("v1/../x", "NG3127")]
    [InlineData("v1//x", "NG3127")]
    [InlineData("v1/a\nb", "NG3127")]
    [InlineData("v1/.git/config", "NG3127")]
    public async Task A_name_that_can_be_no_file_is_refused(string name, string code)
    {
        Container.Put(name, "x");
        await machine.FailAsync(code, Model);
    }
}
