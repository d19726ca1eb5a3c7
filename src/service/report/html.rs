//! A report as a page of its own: the Markdown, rendered.

use pulldown_cmark::{Options, Parser};

/// Returns the page; what stands in the document as text stays text.
pub fn html(title: &str, markdown: &str) -> String {
    let mut body = String::new();
    pulldown_cmark::html::push_html(&mut body, Parser::new_ext(markdown, Options::ENABLE_TABLES));
    let mut name = String::new();
    // Either place takes the same escapes.
    let _ = pulldown_cmark_escape::escape_html(&mut name, title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{name}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// Readable on a telephone and on paper, and in the dark.
const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 0.8rem; text-align: left; }
th[style*=right], td[style*=right] { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let page = html("A <b> & c", "# A \\<script\\>\n\n| x | y |\n| --- | ---: |\n| 1 | 2 |\n");
        assert!(page.contains("<title>A &lt;b&gt; &amp; c</title>"), "{page}");
        assert!(page.contains("<h1>A &lt;script&gt;</h1>") && page.contains("<td style=\"text-align: right\">2</td>"));
    }
}
