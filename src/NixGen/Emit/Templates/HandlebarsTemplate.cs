using HandlebarsDotNet;

namespace NixGen.Emit.Templates;

/// <summary>Fills the holes of a template. The one place that knows the template engine.</summary>
public static class HandlebarsTemplate
{
    /// <summary>Renders a template.</summary>
    /// <param name="path">Path below <c>templates/</c>, ending in <c>.hbs</c>.</param>
    /// <param name="values">A value for each hole, already printed for the language that it goes into.</param>
    /// <exception cref="HandlebarsException">A hole has no value: a mistake of nixgen's.</exception>
    public static string Render(string path, IReadOnlyDictionary<string, string> values) =>
        Handlebars.Create(new HandlebarsConfiguration { NoEscape = true, ThrowOnUnresolvedBindingExpression = true })
            .Compile(EmbeddedTemplate.Read(path))(values);
}
