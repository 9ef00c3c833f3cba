using NixGen.EndToEnd.Resolve;
using NixGen.Lock;
using Xunit;

namespace NixGen.EndToEnd.Url;

/// <summary>A machine that gives up soon, and locks one model at a time.</summary>
internal sealed class UrlLocking : LockingMachine
{
    public UrlLocking() => Upstream = Upstream with { MaxRetries = 1 };

    /// <summary>Locks one model and expects success; gives its entry.</summary>
    public new async Task<LockedModel> SucceedAsync(params string[] models) => Assert.Single((await base.SucceedAsync(models)).Models).Value;
}
