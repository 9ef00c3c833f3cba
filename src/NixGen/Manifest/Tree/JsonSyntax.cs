namespace NixGen.Manifest.Tree;

/// <summary>Puts the JSON reader's findings into words. Never repeats the reader's own, which may quote the text and a secret in it.</summary>
internal static class JsonSyntax
{
    /// <summary>What a reader's message says.</summary>
    public static SyntaxFault Words(string message)
    {
        return message switch
        {
            // First, because this one repeats what it read, which may hold any words.
            _ when Has("is an invalid JSON literal") => new("a value was expected here", "put text into double quotes; JSON knows true, false and null besides"),
            _ when Has("after a single JSON value") => new("something follows the end of the document", "remove it: a manifest is one JSON object"),
            _ when Has("should be closed") || Has("incomplete") || Has("end of data") || Has("reached end") => new("the document ends unexpectedly", "close the open brackets and quotes"),
            _ when Has("trailing comma") => new("JSON has no trailing commas", "remove the comma before the closing bracket"),
            _ when Has("'/' is invalid") => new("JSON has no comments", "remove the comment, or write the manifest in YAML"),
            _ when Has("invalid after a value") || Has("expected ','") => new("a `,` or a closing bracket was expected here", "add the missing comma or bracket"),
            _ when Has("invalid after a property name") => new("a `:` was expected after this key", "write `\"key\": value`"),
            _ when Has("start of a property name") => new("a key in double quotes was expected here", "write the key in double quotes"),
            _ when Has("start of a value") => new("a value was expected here", "put text into double quotes; JSON knows true, false and null besides"),
            _ when Has("end of string") || Has("Expected end of string") => new("the quote isn't closed", "add the closing quote"),
            _ when Has("within a JSON string") || Has("escap") => new("this text holds an invalid character or escape", "write line breaks and other control characters as escapes such as \\n"),
            _ when Has("number") || Has("leading zero") || Has("required digit") => new("this isn't a number of JSON", "write digits, or put text into double quotes"),
            _ when Has("depth") => new("brackets lie too deep within each other", "check for brackets too many"),
            _ when Has("without a matching open") => new("a bracket is closed that was never opened", "remove it, or open it"),
            _ => new("this isn't JSON", "look at this line and the one before it"),
        };

        bool Has(string part) => message.Contains(part, StringComparison.Ordinal);
    }
}
