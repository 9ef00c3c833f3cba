using System.Text;
using NixGen.Testing.Nginx;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>The fetcher of addresses gets the right bytes from nginx, or ends with one error that fits.</summary>
public sealed class UrlFetcherTests : IAsyncLifetime
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)((i * 11) + (i >> 9)))];
    private static readonly byte[] Config = "{ \"hidden_size\": 42 }\n"u8.ToArray();
    private NginxServer? started;

    private NginxServer Nginx => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        string[] paths =
        [
            "/plain.bin", "/signed.bin", "/basic/model.bin", "/bearer/model.bin", "/chunked/model.bin", "/get-only/model.bin", "/whole/model.bin",
            "/names/a b+c=d.bin", "/names/ü 模型.bin", "/names/folder/file.bin", "/names/[x]{y}.bin",
        ];
        var site = paths.Aggregate(new NginxSite(), (built, path) => built.With(path, Weights))
            .With("/config.json", Config)
            .With("/basic/config.json", Config)
            .With("/login.html", "<!DOCTYPE html><title>Sign in</title>"u8.ToArray())
            .Redirect("/moved.bin", "@CDN@/signed.bin?signature=" + NginxServer.Signature)
            .Redirect("/expired.bin", "@CDN@/signed.bin?signature=old")
            .Redirect("/wall.bin", "/login.html");
        started = await NginxServer.StartAsync(site);
    }

    public async Task DisposeAsync() => await Nginx.DisposeAsync();

    [Theory]
    [InlineData("/plain.bin")]
    [InlineData("/moved.bin")]
    [InlineData("/chunked/model.bin")]
    [InlineData("/get-only/model.bin")]
    [InlineData("/whole/model.bin")]
    [InlineData("/names/a%20b+c=d.bin")]
    [InlineData("/names/a%20b%2Bc%3Dd.bin")]
    [InlineData("/names/%C3%BC%20%E6%A8%A1%E5%9E%8B.bin")]
    [InlineData("/names/folder%2Ffile.bin")]
    [InlineData("/names/[x]%7By%7D.bin")]
    [InlineData("/plain.bin?download=true&x=$(id)%22")]
    public async Task The_bytes_arrive(string target)
    {
        using var run = new UrlFetching().File1("ü model.bin", Nginx.Url + target, Weights);
        run.Variables["fetch_parallel_from"] = "1000000";
        run.Variables["fetch_least_slice"] = "262144";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Weights, await File.ReadAllBytesAsync(run.Out));
        Assert.Contains(await Nginx.LogAsync(), request => request.Target == target && request.Host == "127.0.0.1");
    }

    [Fact]
    public async Task A_tree_comes_from_several_servers()
    {
        using var run = new UrlFetching().Tree(
            ("unet/model.bin", Nginx.Url + "/plain.bin", Weights),
            ("config.json", Nginx.Url + "/config.json", Config),
            ("vae/$(id) \"x\".bin", Nginx.CdnUrl + "/signed.bin?signature=" + NginxServer.Signature, Weights));
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(run.Out, "unet", "model.bin")));
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(run.Out, "vae", "$(id) \"x\".bin")));
        Assert.Equal(Config, await File.ReadAllBytesAsync(Path.Combine(run.Out, "config.json")));
    }

    [Fact]
    public async Task A_token_stays_with_its_server()
    {
        using var run = new UrlFetching().Tree(
            ("a.bin", Nginx.Url + "/bearer/model.bin", Weights), ("b.bin", Nginx.Url + "/moved.bin", Weights), ("c.json", Nginx.Url + "/config.json", Config));
        run.Variables["fetch_token_variable"] = "MY_TOKEN";
        run.Variables["MY_TOKEN"] = NginxServer.Token;
        var result = (await run.RunAsync()).OrThrow("fetch");
        var log = await Nginx.LogAsync();
        Assert.All(log, request => Assert.Equal(request.Host == "127.0.0.1" ? "Bearer " + NginxServer.Token : "", request.Authorization));
        Assert.Contains(log, request => request.Host == "127.0.0.2");
        Assert.DoesNotContain(NginxServer.Token, result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Passwords_belong_to_hosts(bool isTree)
    {
        using var run = new UrlFetching();
        if (isTree)
        {
            run.Tree(
                ("a.bin", Nginx.Url + "/basic/model.bin", Weights), ("b.json", Nginx.Url + "/basic/config.json", Config),
                ("c.bin", Nginx.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/signed.bin", Weights));
        }
        else
        {
            run.File1("a.bin", Nginx.Url + "/basic/model.bin", Weights);
        }

        run.Variables["fetch_token_required"] = "1";
        run.Variables["fetch_netrc_file"] = run.Write("netrc", $"machine 127.0.0.1 login {NginxServer.User} password {NginxServer.Password}\n");
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.All(await Nginx.LogAsync(), request => Assert.Equal(request.Target != "/signed.bin", request.Authorization.StartsWith("Basic ", StringComparison.Ordinal)));
        Assert.DoesNotContain(NginxServer.Password, result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_token_is_not_sent_to_two_servers()
    {
        using var run = new UrlFetching().Tree(("a.bin", Nginx.Url + "/plain.bin", Weights), ("b.bin", Nginx.CdnUrl + "/signed.bin", Weights));
        run.Variables["fetch_token_variable"] = "MY_TOKEN";
        run.Variables["MY_TOKEN"] = NginxServer.Token;
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("would go to several servers", result.Errors, StringComparison.Ordinal);
        Assert.Empty(await Nginx.LogAsync());
    }

    [Fact]
    public async Task Content_that_changed_is_a_plain_error()
    {
        Nginx.Put("/plain.bin", [.. Weights.Reverse()]);
        using var run = new UrlFetching().File1("model.bin", Nginx.Url + "/plain.bin", Weights);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("The content does not match its hash", result.Errors, StringComparison.Ordinal);
        Assert.Contains(UrlFetching.Sri(Weights), result.Errors, StringComparison.Ordinal);
        Assert.Contains(UrlFetching.Sri([.. Weights.Reverse()]), result.Errors, StringComparison.Ordinal);
        Assert.Contains("nixgen update", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"URL:      {Nginx.Url}/plain.bin", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shorter")]
    [InlineData("longer")]
    public async Task Content_of_another_length_is_an_error_too(string how)
    {
        Nginx.Put("/plain.bin", how == "shorter" ? Weights[..1_000_000] : [.. Weights, .. Weights]);
        using var run = new UrlFetching().File1("model.bin", Nginx.Url + "/plain.bin", Weights);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains("nixgen update", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/basic/model.bin", "HTTP 401", "auth.netrcFile")]
    [InlineData("/bearer/model.bin", "HTTP 401", "auth.tokenEnvVar")]
    [InlineData("/expired.bin", "HTTP 403: the storage behind the address refuses", "http://127.0.0.2")]
    [InlineData("/nothing.bin", "HTTP 404: there is no such file any more", "network.mirrors")]
    [InlineData("/wall.bin", "✗ Error", "It is a page (text/html)")]
    public async Task What_can_not_be_had_is_told_with_what_to_do(string target, string title, string step)
    {
        using var run = new UrlFetching().File1("model.bin", Nginx.Url + target, Weights);
        var result = await run.RunAsync();
        Assert.False(result.Succeeded);
        Assert.Contains(title, result.Errors, StringComparison.Ordinal);
        Assert.Contains(step, result.Errors, StringComparison.Ordinal);
        Assert.Contains("Failed to fetch model: example", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("signature=", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mirror_by_hash_stands_in_for_an_address_that_is_gone()
    {
        var mirror = new NginxSite().With("/sha256/" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Weights)), Weights);
        await using var other = await NginxServer.StartAsync(mirror);
        using var run = new UrlFetching().File1("model.bin", Nginx.Url + "/nothing.bin", Weights);
        run.Variables["fetch_mirrors"] = $"endpoint\t1\t{other.Url}\nhashed\t-\t{other.Url}\n";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Weights, await File.ReadAllBytesAsync(run.Out));
        Assert.Single(await Nginx.LogAsync());
    }

    [Fact]
    public async Task A_hash_that_is_not_known_is_left_to_Nix()
    {
        using var run = new UrlFetching().File1("config.json", Nginx.Url + "/config.json", Config);
        run.Variables["fetch_size"] = "-";
        run.Variables["fetch_sha256"] = "-";
        run.Variables["fetch_discovers"] = "1";
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.Contains("DISCOVERY", result.Errors, StringComparison.Ordinal);
        Assert.Equal(Encoding.UTF8.GetString(Config), await File.ReadAllTextAsync(run.Out));
    }
}
