using System.Collections.Immutable;
using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>What S3 refuses while building is told in its own words, with what to do about it.</summary>
public sealed class S3FetcherErrorTests : S3FetcherFixture
{
    public static TheoryData<string, string, string, string> Refusals => new()
    {
        { "AccessDenied", "access is denied", "s3:GetObjectVersion", "AKIDEXAMPLE" },
        { "NoSuchBucket", "there is no such bucket", "misspelt", "models" },
        { "NoSuchKey", "there is no such object", "nixgen update", "dir/a b" },
        { "NoSuchVersion", "does not exist any more", "lifecycle rules", "v0001.6_x" },
        { "InvalidAccessKeyId", "not accepted", "EnvironmentFile=", "AKIDEXAMPLE" },
        { "RequestTimeTooSkewed", "clock is wrong", "Set the clock", "s3" },
        { "ExpiredToken", "not accepted", "auth.awsProfile", "ExpiredToken" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Refusals_are_explained(string code, string title, string step, string detail)
    {
        var version = Store.Add(new S3Bucket("models") { IsVersioned = true }).Put("dir/a b", S3Fixtures.Text(code));
        ImmutableArray<S3Error> errors =
        [
            S3Error.AccessDenied, S3Error.NoSuchBucket, S3Error.NoSuchKey, S3Error.NoSuchVersion, S3Error.InvalidAccessKeyId, S3Error.RequestTimeTooSkewed, S3Error.ExpiredToken,
        ];
        Store.Gate = _ => errors.Single(error => error.Code == code);
        var said = await FailAsync(version, pinned: true);
        Assert.Contains(title, said, StringComparison.Ordinal);
        Assert.Contains(step, said, StringComparison.Ordinal);
        Assert.Contains(detail, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_being_shown()
    {
        var version = Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("wrong secret"));
        SignAs(S3Account.Example with { Secret = "another secret" });
        var said = await FailAsync(version);
        Assert.Contains("SignatureDoesNotMatch", said, StringComparison.Ordinal);
        Assert.Contains("AKIDEXAMPLE", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_region_is_told_with_the_right_one()
    {
        var version = Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("wrong region"));
        Variables["fetch_region"] = "eu-west-1";
        Assert.Contains("it is in: us-east-1", await FailAsync(version), StringComparison.Ordinal);
        Variables["fetch_region"] = "us-east-1";
        var far = Store.Add(new S3Bucket("models", "eu-central-1"));
        Assert.Contains("it is in: eu-central-1", await FailAsync(far.Put("a", S3Fixtures.Text("wrong region"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_where_credentials_were_looked_for()
    {
        var version = Store.Add(new S3Bucket("models")).Put("a", S3Fixtures.Text("nobody"));
        SignAsNobody();
        var said = await FailAsync(version);
        Assert.Contains("denied to anybody", said, StringComparison.Ordinal);
        Assert.Contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set where this is built", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_vanished_and_content_that_changed_are_told_apart()
    {
        var bucket = Store.Add(new S3Bucket("models") { IsVersioned = true });
        var version = bucket.Put("a", S3Fixtures.Text("first"));
        bucket.Put("a", S3Fixtures.Text("later"));
        bucket.DeleteVersion("a", version.VersionId ?? "");
        Assert.Contains("this version of the object does not exist any more", await FailAsync(version, pinned: true), StringComparison.Ordinal);
        Assert.Contains("does not match its hash", await FailAsync(version), StringComparison.Ordinal);
        bucket.Put("a", S3Fixtures.Text("of another length"));
        Assert.Contains("another size", await FailAsync(version), StringComparison.Ordinal);
    }
}
