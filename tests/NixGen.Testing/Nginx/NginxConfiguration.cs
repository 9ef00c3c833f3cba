using System.Text;

namespace NixGen.Testing.Nginx;

/// <summary>Writes the configuration of a <see cref="NginxServer"/>.</summary>
internal static class NginxConfiguration
{
    /// <summary>The whole file.</summary>
    /// <param name="site">What is served.</param>
    /// <param name="folder">The server's folder, absolute; files are below <c>root/</c>.</param>
    /// <param name="port">The port on both addresses.</param>
    public static string Of(NginxSite site, string folder, int port)
    {
        var cdn = $"http://127.0.0.2:{port}";
        return $$"""
            daemon off;
            master_process off;
            pid {{folder}}/pid;
            error_log {{folder}}/error.log;
            events { worker_connections 512; }
            http {
              log_format request escape=json '{"host":"$server_addr","method":"$request_method","target":"$request_uri","status":$status,"sent":$body_bytes_sent,"range":"$http_range","authorization":"$http_authorization"}';
              access_log {{folder}}/access.log request;
              client_body_temp_path {{folder}}/tmp; proxy_temp_path {{folder}}/tmp; fastcgi_temp_path {{folder}}/tmp;
              uwsgi_temp_path {{folder}}/tmp; scgi_temp_path {{folder}}/tmp;
              default_type application/octet-stream;
              types { text/html html; }
              root {{folder}}/root;
              server_tokens off;
              # The other host, which serves signed links and minds credentials that aren't its own, as object stores do.
              server {
                listen 127.0.0.2:{{port}};
                location / {
                  if ($http_authorization) { return 400 "one kind of credentials only"; }
                  if ($arg_signature != "{{NginxServer.Signature}}") { return 403; }
                }
              }
              server {
                listen 127.0.0.1:{{port}} default_server;
                # Everything below these is for who knows the password, or has the token.
                location /basic/ {
                  auth_basic "nginx";
                  auth_basic_user_file {{folder}}/passwords;
                }
                location /bearer/ {
                  if ($http_authorization != "Bearer {{NginxServer.Token}}") { return 401; }
                }
                # A server that knows no ranges.
                location /whole/ { max_ranges 0; }
                # One that knows neither lengths nor ranges: it sends in chunks, since it filters.
                location /chunked/ {
                  ssi on;
                  ssi_types application/octet-stream;
                }
                # One that answers GET only, as links do that are signed for one method.
                location /get-only/ {
                  if ($request_method != GET) { return 405; }
                }
            {{Locations(site, cdn)}}{{site.Extra.Replace("@CDN@", cdn, StringComparison.Ordinal)}}
              }
            }

            """;
    }

    private static string Locations(NginxSite site, string cdn)
    {
        var text = new StringBuilder();
        foreach (var headers in site.Headers.GroupBy(header => header.Path, StringComparer.Ordinal))
        {
            text.Append($"location = {Quoted(headers.Key)} {{\n");
            foreach (var header in headers)
            {
                text.Append($"  add_header {Quoted(header.Name)} {Quoted(header.Value)} always;\n");
            }

            var target = site.Redirects.FirstOrDefault(redirect => redirect.Path == headers.Key);
            text.Append(target is null ? "}\n" : $"  {Return(target, cdn)}}}\n");
        }

        foreach (var redirect in site.Redirects.Where(redirect => !site.Headers.Any(header => header.Path == redirect.Path)))
        {
            text.Append($"location = {Quoted(redirect.Path)} {{ {Return(redirect, cdn)}}}\n");
        }

        return text.ToString();
    }

    private static string Return(NginxRedirect redirect, string cdn) =>
        $"return {redirect.Status} {Quoted(redirect.Target.Replace("@CDN@", cdn, StringComparison.Ordinal))};\n";

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
