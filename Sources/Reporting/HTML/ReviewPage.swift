/// What the pages of reviews and of previews have in common: one file that forbids itself scripts and requests.
enum ReviewPage {
    /// - Parameters:
    ///   - title: of the page; all four are HTML.
    ///   - header: below the title.
    ///   - controls: between header and contents.
    ///   - main: the contents.
    /// - Returns: an HTML document in UTF-8.
    static func text(title: String, header: String, controls: String, main: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        base-uri 'none'; form-action 'none'">
        <title>\(title)</title>
        <style>\(ReviewStyle.css)</style>
        </head>
        <body>
        <header>
        <h1>\(title)</h1>
        \(header)</header>
        \(controls)<main>
        \(main)</main>
        </body>
        </html>

        """
    }
}
