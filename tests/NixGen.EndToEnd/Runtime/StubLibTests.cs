using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>The stub's functions do what those of nixpkgs do. Where <c>NIXPKGS_LIB</c> names nixpkgs' <c>lib</c>, they are compared with it.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class StubLibTests(RuntimeNix runtime)
{
    private const string Samples = """
        {
          attrNames = lib.attrNames { b = 1; a = 2; };
          attrValues = lib.attrValues { b = 1; a = 2; };
          concatLists = lib.concatLists [ [ 1 ] [ ] [ 2 3 ] ];
          concatMap = lib.concatMap (x: [ x x ]) [ 1 2 ];
          concatMapStrings = lib.concatMapStrings (x: "<${x}>") [ "a" "b" ];
          concatStrings = lib.concatStrings [ "a" "" "b" ];
          concatStringsSep = lib.concatStringsSep ", " [ "a" "b" ];
          elem = [ (lib.elem 1 [ 1 2 ]) (lib.elem 3 [ 1 2 ]) ];
          all = map (lib.all (x: x > 1)) [ [ ] [ 2 ] [ 1 2 ] ];
          any = map (lib.any (x: x > 1)) [ [ ] [ 2 ] [ 1 2 ] [ 1 ] ];
          elemAt = lib.elemAt [ 1 2 3 ] 1;
          escapeShellArg = map lib.escapeShellArg [ "" "plain" "a b" "it's" "$(x)`y`" "a\nb" "-x" ];
          filter = lib.filter (x: x > 1) [ 1 2 3 ];
          filterAttrs = lib.filterAttrs (n: v: n != "a" && v != 3) { a = 1; b = 2; c = 3; };
          genAttrs = lib.genAttrs [ "x" "y" ] (n: n + n);
          genList = lib.genList (x: x * 2) 3;
          groupBy = lib.groupBy (x: if x > 1 then "many" else "one") [ 1 2 3 ];
          hasPrefix = [ (lib.hasPrefix "ab" "abc") (lib.hasPrefix "b" "abc") (lib.hasPrefix "abcd" "abc") (lib.hasPrefix "" "") ];
          hasSuffix = [ (lib.hasSuffix "bc" "abc") (lib.hasSuffix "b" "abc") (lib.hasSuffix "zabc" "abc") (lib.hasSuffix "" "") ];
          head = lib.head [ 1 2 ];
          imap0 = lib.imap0 (i: x: "${toString i}${x}") [ "a" "b" ];
          is = map (f: map f [ { } [ ] "" 1 true null ]) [ lib.isAttrs lib.isList lib.isString lib.isInt lib.isBool ];
          isFunction = [ (lib.isFunction (x: x)) (lib.isFunction 1) ];
          length = lib.length [ 1 2 ];
          listToAttrs = lib.listToAttrs [ { name = "a"; value = 1; } ];
          makeBinPath = lib.makeBinPath [ "/a" "/b" ];
          mapAttrs = lib.mapAttrs (n: v: n + v) { a = "b"; };
          mapAttrsToList = lib.mapAttrsToList (n: v: n + v) { a = "b"; c = "d"; };
          nameValuePair = lib.nameValuePair "a" 1;
          optional = [ (lib.optional true 1) (lib.optional false 1) ];
          optionalAttrs = [ (lib.optionalAttrs true { a = 1; }) (lib.optionalAttrs false { a = 1; }) ];
          optionalString = [ (lib.optionalString true "a") (lib.optionalString false "a") ];
          optionals = [ (lib.optionals true [ 1 ]) (lib.optionals false [ 1 ]) ];
          proxyImpureEnvVars = lib.fetchers.proxyImpureEnvVars;
          removePrefix = [ (lib.removePrefix "a" "ab") (lib.removePrefix "b" "ab") ];
          removeSuffix = [ (lib.removeSuffix "b" "ab") (lib.removeSuffix "a" "ab") (lib.removeSuffix "ab" "b") ];
          splitString = [ (lib.splitString "/" "a/b//c") (lib.splitString "/" "") (lib.splitString "/" "/a/") (lib.splitString "." "a.b") ];
          stringToCharacters = lib.stringToCharacters "abc";
          substring = lib.substring 1 2 "abcd";
          last = [ (lib.last [ 1 2 3 ]) (lib.last [ 1 ]) ];
          take = [ (lib.take 2 [ 1 2 3 ]) (lib.take 9 [ 1 ]) (lib.take 0 [ 1 ]) ];
          toLower = lib.toLower "ABCxyz-12Ü";
          unique = lib.unique [ 1 2 1 3 2 ];
          licenses = map (name: { inherit (lib.licenses.${name}) spdxId free fullName licenseType; }) [ "asl20" "mit" "cc-by-nc-40" ];
        }
        """;

    [Fact]
    public async Task It_agrees_with_nixpkgs()
    {
        var stub = await runtime.EvalAsync(Samples);
        Assert.Equal("\"'it'\\\\''s'\"", stub.GetProperty("escapeShellArg")[3].GetRawText());
        Assert.Equal("[\"a\",\"b\",\"\",\"c\"]", stub.GetProperty("splitString")[0].GetRawText());
        if (Environment.GetEnvironmentVariable("NIXPKGS_LIB") is { Length: > 0 } path)
        {
            var real = await runtime.Nix.EvalAsync(new NixTarget.Expression($"let lib = import {path}; in {Samples}"));
            Assert.Equal(real.GetRawText(), stub.GetRawText());
        }
    }

    [Fact]
    public async Task Every_function_has_a_sample()
    {
        var names = await runtime.EvalAsync("""builtins.filter (n: builtins.match "is[A-Z].*|fetchers|escapeRegex" n == null) (builtins.attrNames lib)""");
        Assert.All(names.EnumerateArray(), name => Assert.Contains($"lib.{name.GetString()}", Samples, StringComparison.Ordinal));
    }
}
