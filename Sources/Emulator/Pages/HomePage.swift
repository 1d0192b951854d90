import Foundation
import JSONModel
import TextSafety

/// The page at `/`: what this server is, and the assistants it holds. A pure function of what it shows.
struct HomePage {
    struct Entry {
        let id: String
        let name: String
        let model: String
        let instructions: String
        let tools: [String]
    }

    let baseURL: String
    let flavor: EmulatorConfiguration.Flavor
    /// Whether a key is needed; then the page names no assistants, because anybody may look at it.
    let needsKey: Bool
    /// Who answers; nil is shown to nobody.
    let model: String?
    let entries: [Entry]
    /// How many assistants there are, of which ``entries`` are the newest.
    let total: Int

    /// How much of the instructions is shown.
    private static let excerpt = 280

    /// What browsers may load: nothing but the page's own style.
    static let contentSecurityPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Muster local server</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <main>
        <header>
        <h1>Muster local server</h1>
        <p>A server of the Assistants v2 protocol on this machine. It has no other interface than its API.</p>
        </header>
        <dl>
        <dt>Base URL</dt><dd><code>\(Self.escaped(baseURL))</code></dd>
        <dt>Key</dt><dd>\(needsKey ? "needed, as a bearer token" : "none needed")</dd>
        <dt>Flavor</dt><dd>\(flavor.rawValue)</dd>
        \(model.map { "<dt>Model</dt><dd>\(Self.escaped($0))</dd>" } ?? "")
        </dl>
        \(body)
        <footer>Try <code>curl \(Self.escaped(baseURL))/assistants</code></footer>
        </main>
        </body>
        </html>

        """
    }

    private var body: String {
        if needsKey { return "<p class=\"quiet\">The assistants are shown to holders of the key, through the API.</p>" }
        if entries.isEmpty {
            return "<h2>Assistants</h2>\n<p class=\"quiet\">None yet. Make one with <code>muster apply</code>.</p>"
        }
        let more = total > entries.count ? " <small>the newest \(entries.count) of \(total)</small>" : ""
        return "<h2>Assistants\(more)</h2>\n<ul>\n\(entries.map(Self.item).joined(separator: "\n"))\n</ul>"
    }

    private static func item(_ entry: Entry) -> String {
        let tools = entry.tools.map { "<span>\(escaped($0))</span>" }.joined(separator: " ")
        return """
            <li><h3>\(escaped(entry.name))</h3>
            <p class="quiet"><code>\(escaped(entry.id))</code> · \(escaped(entry.model))</p>
            <p dir="auto">\(escaped(InertText.excerpt(entry.instructions, limit: excerpt)))</p>\(tools.isEmpty ? "" : "<p class=\"tools\">\(tools)</p>")</li>
            """
    }

    static func escaped(_ text: String) -> String {
        InertText.html(text)
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #8884; --quiet: #777; --accent: #b4571e; }
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 46rem; margin: 3rem auto; padding: 0 1.25rem; }
        h1 { margin: 0; font-size: 1.7rem; letter-spacing: -.02em; } h1::first-letter { color: var(--accent); }
        h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem; } h3 { margin: 0; font-size: 1rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 1.5rem 0; }
        dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
        ul { list-style: none; margin: 0; padding: 0; }
        li { border-top: 1px solid var(--line); padding: .9rem 0; } li p { margin: .2rem 0; overflow-wrap: anywhere; }
        small, .quiet, footer { color: var(--quiet); font-size: .88rem; font-weight: normal; }
        .tools span { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .6rem; font-size: .8rem; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
        code { font: .92em ui-monospace, monospace; }
        """
}
