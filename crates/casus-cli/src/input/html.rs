//! A page into text: what its reader would read, without menus, scripts and footers, and what its head
//! tells (title, day, publisher, language).
//!
//! There is no tree. [`html5gum`] cuts the page into tags and text by the rules of the HTML standard, in
//! one pass; which part of the page a text stands in is kept in a handful of counters. So nesting costs
//! nothing, neither memory nor stack, and the whole is linear in the length of the page. The price is
//! that a page whose tags do not match is cut up a little differently than in a browser.
//!
//! Headings become `# Heading` lines, list items `- item` lines, cells of a table are parted by tabs:
//! the signs of plain text that the engine knows anyway. Spans of events point into this text.

use super::{InputError, Origin, Received, decode, fields::Values};
use html5gum::{HtmlString, StartTag, Token, Tokenizer};
use serde_json::Value;

/// Reads a page as one report.
pub(super) fn read(origin: Origin<'_>, bytes: &[u8], sha256: String) -> Result<Received, InputError> {
    let decoded = decode::decode(bytes, decode::declared(bytes));
    let (text, mut values) = extract(&decoded.text);
    values.text = Some(text);
    origin.receive(values, None, sha256, decoded.notes)
}

/// Text of the page, and what its head tells.
fn extract(page: &str) -> (String, Values) {
    let mut reader = PageReader::default();
    let mut tokens = Tokenizer::new(page);
    while let Some(Ok(token)) = tokens.next() {
        match token {
            Token::StartTag(tag) => {
                // What the standard leaves to the tree builder: how the content of a tag is cut.
                let scripting_off = tag.name.as_slice() != b"noscript";
                if let Some(state) = html5gum::naive_next_state(&tag.name).filter(|_| scripting_off) {
                    tokens.set_state(state);
                }
                reader.open(&tag);
            }
            Token::EndTag(tag) => reader.close(&tag.name),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reader.finish()
}

/// Elements whose content nobody reads.
const UNREAD: &[&str] = &[
    "script", "style", "template", "svg", "math", "iframe", "object", "audio", "video", "canvas", "select",
    "datalist", "noframes", "noembed",
];

/// Elements around the report rather than in it.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "button", "dialog", "menu"];

/// Roles of elements around the report.
const AROUND_ROLES: &[&str] = &[
    "navigation",
    "banner",
    "contentinfo",
    "complementary",
    "search",
    "menu",
    "menubar",
    "dialog",
    "toolbar",
];

/// Words in the class or id of elements around the report.
const AROUND_NAMES: &[&str] = &[
    "nav",
    "navbar",
    "navigation",
    "menu",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "sidebar",
    "cookie",
    "cookies",
    "newsletter",
    "share",
    "sharing",
    "social",
    "related",
    "comments",
    "advert",
    "advertisement",
    "promo",
    "popup",
    "skip",
    "pagination",
];

/// Elements that stand in the line, without a break.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "input", "noscript", "link", "meta",
];

/// Elements without content, which are never closed.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// A piece of text between two breaks.
#[derive(Debug, Default)]
struct Block {
    text: String,
    /// Bytes of it that are links.
    linked: usize,
    /// Within `<article>` or `<main>`.
    main: bool,
    /// Around the report.
    around: bool,
    /// What stands before it: `# ` for a heading, `- ` for a list item.
    mark: &'static str,
    /// Whether only a line end parts it from the block before: `<br>`, a row of a table.
    tight: bool,
}

/// An element that changes how its content is taken, and how many of its name are open within it.
#[derive(Debug)]
struct Region {
    name: String,
    depth: usize,
}

impl Region {
    fn enter(slot: &mut Option<Region>, name: &str, starts: bool) {
        match slot {
            Some(region) if region.name == name => region.depth += 1,
            None if starts => *slot = Some(Region { name: name.to_owned(), depth: 1 }),
            _ => {}
        }
    }

    fn leave(slot: &mut Option<Region>, name: &str) {
        if let Some(region) = slot
            && region.name == name
        {
            region.depth -= 1;
            if region.depth == 0 {
                *slot = None;
            }
        }
    }
}

#[derive(Debug, Default)]
struct PageReader {
    blocks: Vec<Block>,
    block: Block,
    unread: Option<Region>,
    around: Option<Region>,
    main: Option<Region>,
    links: usize,
    pre: usize,
    space: bool,
    in_title: bool,
    title: String,
    ld_json: Option<String>,
    head: Head,
}

impl PageReader {
    fn open(&mut self, tag: &StartTag<()>) {
        let name = &*String::from_utf8_lossy(&tag.name);
        let void = VOID.contains(&name);
        self.head.tag(name, tag);
        match name {
            "title" if self.title.is_empty() && self.unread.is_none() => self.in_title = true,
            "script"
                if attribute(tag, "type")
                    .is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json")) =>
            {
                self.ld_json = Some(String::new());
            }
            "br" => self.end_block("", true),
            "li" => self.end_block("- ", true),
            "tr" => self.end_block("", true),
            "td" | "th" => self.cell(),
            "h1" => self.end_block("# ", false),
            "h2" => self.end_block("## ", false),
            "h3" => self.end_block("### ", false),
            "h4" | "h5" | "h6" => self.end_block("#### ", false),
            "a" => self.links += 1,
            _ if INLINE.contains(&name) => {}
            _ => self.end_block("", false),
        }
        self.pre += usize::from(name == "pre");
        if void {
            return;
        }
        // A report in `<main>` ends a menu that was never closed.
        if matches!(name, "main" | "article") && self.around.as_ref().is_some_and(|r| r.name != "main") {
            self.around = None;
        }
        Region::enter(&mut self.unread, name, UNREAD.contains(&name) || is_hidden(tag));
        Region::enter(&mut self.main, name, matches!(name, "main" | "article"));
        let header = name == "header" && self.main.is_none();
        Region::enter(&mut self.around, name, header || AROUND.contains(&name) || is_around(name, tag));
        self.block.main = self.main.is_some();
        self.block.around = self.around.is_some();
    }

    fn close(&mut self, name: &HtmlString) {
        let name = &*String::from_utf8_lossy(name);
        match name {
            "title" => self.in_title = false,
            "script" => {
                if let Some(json) = self.ld_json.take() {
                    self.head.ld_json(&json);
                }
            }
            "a" => self.links = self.links.saturating_sub(1),
            "pre" => self.pre = self.pre.saturating_sub(1),
            "td" | "th" => {}
            "li" | "tr" => self.end_block("", true),
            _ if INLINE.contains(&name) => {}
            _ => self.end_block("", false),
        }
        Region::leave(&mut self.unread, name);
        Region::leave(&mut self.main, name);
        Region::leave(&mut self.around, name);
        self.block.main = self.main.is_some();
        self.block.around = self.around.is_some();
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.title.push_str(text);
            return;
        }
        if let Some(json) = &mut self.ld_json {
            json.push_str(text);
            return;
        }
        if self.unread.is_some() {
            return;
        }
        let before = self.block.text.len();
        for c in text.chars() {
            if self.pre > 0 && c == '\n' {
                self.block.text.push('\n');
            } else if c.is_ascii_whitespace() {
                self.space = true;
            } else {
                if std::mem::take(&mut self.space) && !self.block.text.is_empty() {
                    self.block.text.push(' ');
                }
                self.block.text.push(c);
            }
        }
        if self.links > 0 {
            self.block.linked += self.block.text.len() - before;
        }
    }

    /// A new cell in the row of a table.
    fn cell(&mut self) {
        if !self.block.text.is_empty() {
            self.block.text.push('\t');
            self.space = false;
        }
    }

    /// Ends the block of text, if it holds any, and begins another.
    fn end_block(&mut self, mark: &'static str, tight: bool) {
        self.space = false;
        let (main, around) = (self.main.is_some(), self.around.is_some());
        if self.block.text.trim().is_empty() {
            let Block { mark: known, tight: was_tight, .. } = self.block;
            let (mark, tight) = match mark {
                // A paragraph within a list item begins it.
                "" if !known.is_empty() => (known, was_tight),
                _ => (mark, tight && was_tight),
            };
            self.block = Block { main, around, mark, tight, ..Block::default() };
        } else {
            let next = Block { main, around, mark, tight, ..Block::default() };
            self.blocks.push(std::mem::replace(&mut self.block, next));
        }
    }

    fn finish(mut self) -> (String, Values) {
        self.end_block("", false);
        let length = |keep: &dyn Fn(&Block) -> bool| -> usize {
            self.blocks.iter().filter(|b| keep(b)).map(|b| b.text.len() - b.linked).sum()
        };
        // The marked report if it is most of what can be read, else all that is not around it, else all.
        let (main, read) = (length(&|b| b.main && !b.around), length(&|b| !b.around));
        let keep = |block: &Block| match (main, read) {
            (0, 0) => true,
            (main, read) if main * 3 >= read => block.main && !block.around && !block.is_menu(),
            _ => !block.around && !block.is_menu(),
        };
        let mut text = String::new();
        for block in self.blocks.iter().filter(|block| keep(block)) {
            if !text.is_empty() {
                text.push_str(if block.tight { "\n" } else { "\n\n" });
            }
            text.push_str(block.mark);
            text.push_str(block.text.trim());
        }
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut values = self.head.values();
        values.title = values.title.or((!title.is_empty()).then_some(title));
        (text, values)
    }
}

impl Block {
    /// Whether it is nothing but links: "Home", "Read more". A heading may be.
    fn is_menu(&self) -> bool {
        !self.mark.starts_with('#') && self.linked * 10 > self.text.len() * 9
    }
}

fn is_hidden(tag: &StartTag<()>) -> bool {
    attribute(tag, "hidden").is_some_and(|value| value != "until-found")
        || attribute(tag, "aria-hidden").as_deref() == Some("true")
        || attribute(tag, "style").is_some_and(|style| {
            style.split(';').any(|rule| {
                let rule: String = rule.chars().filter(|c| !c.is_whitespace()).collect();
                rule.eq_ignore_ascii_case("display:none")
            })
        })
}

fn is_around(name: &str, tag: &StartTag<()>) -> bool {
    if matches!(name, "html" | "body" | "main" | "article") {
        return false;
    }
    let role = attribute(tag, "role");
    if role.is_some_and(|role| AROUND_ROLES.contains(&role.trim())) {
        return true;
    }
    ["class", "id"].into_iter().filter_map(|key| attribute(tag, key)).any(|names| {
        names
            .split([' ', '-', '_', '\t', '\n'])
            .any(|n| AROUND_NAMES.contains(&n.to_ascii_lowercase().as_str()))
    })
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
}

/// What the head of the page tells; the first to tell a thing is believed, best kind of source first.
#[derive(Debug, Default)]
struct Head {
    /// `(rank, value)`: a lower rank is a better source.
    published: Option<(u8, String)>,
    title: Option<String>,
    publisher: Option<String>,
    language: Option<String>,
    url: Option<String>,
}

impl Head {
    fn tag(&mut self, name: &str, tag: &StartTag<()>) {
        match name {
            "html" => fill(&mut self.language, attribute(tag, "lang").or_else(|| attribute(tag, "xml:lang"))),
            "link" if attribute(tag, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                fill(&mut self.url, attribute(tag, "href"));
            }
            "meta" => {
                let key = ["property", "name", "itemprop"].into_iter().find_map(|key| attribute(tag, key));
                let content = attribute(tag, "content");
                match key.unwrap_or_default().to_ascii_lowercase().as_str() {
                    "article:published_time" | "datepublished" => self.publish(0, content),
                    "dc.date.issued" | "dcterms.issued" | "pubdate" | "publishdate" | "publication_date" => {
                        self.publish(1, content);
                    }
                    "date" | "dc.date" | "dcterms.date" | "dcterms.created" => self.publish(2, content),
                    "og:title" => fill(&mut self.title, content),
                    "og:site_name" | "dc.publisher" => fill(&mut self.publisher, content),
                    "og:url" => fill(&mut self.url, content),
                    _ => {}
                }
            }
            "time" if attribute(tag, "itemprop").as_deref() == Some("datePublished") => {
                self.publish(1, attribute(tag, "datetime"));
            }
            "time" => self.publish(4, attribute(tag, "datetime")),
            _ => {}
        }
    }

    /// schema.org in JSON-LD: the first `datePublished` of an object or of its `@graph`.
    fn ld_json(&mut self, json: &str) {
        let Ok(value) = serde_json::from_str::<Value>(json) else { return };
        let graph = value.get("@graph").unwrap_or(&value);
        let items = graph.as_array().map_or_else(|| vec![graph], |items| items.iter().collect());
        for item in items {
            self.publish(0, item.get("datePublished").and_then(Value::as_str).map(str::to_owned));
        }
    }

    fn publish(&mut self, rank: u8, value: Option<String>) {
        if let Some(value) = value.filter(|value| super::dates::day(value).is_some())
            && self.published.as_ref().is_none_or(|(known, _)| rank < *known)
        {
            self.published = Some((rank, value));
        }
    }

    fn values(self) -> Values {
        Values {
            published: self.published.map(|(_, value)| value),
            title: self.title,
            publisher: self.publisher,
            language: self.language,
            url: self.url,
            ..Values::default()
        }
    }
}

fn fill(slot: &mut Option<String>, value: Option<String>) {
    if slot.is_none() {
        *slot = value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[track_caller]
    fn check(page: &str, text: &str) {
        assert_eq!(extract(page).0, text);
    }

    #[test]
    fn blocks() {
        check("Gunmen attacked Beya.", "Gunmen attacked Beya.");
        check("<p>One\n  two<p>Three <b>four</b>five", "One two\n\nThree fourfive");
        check("<h1>Toll</h1><p>At Beya<br>and Gol</p>", "# Toll\n\nAt Beya\nand Gol");
        check("<ul><li>Beya: 3</li><li><p>Gol: 4</p></ul>end", "- Beya: 3\n- Gol: 4\n\nend");
        check("<table><tr><th>Place<th>Dead</tr><tr><td>Beya</td><td>3</td></table>", "Place\tDead\nBeya\t3");
        check("<pre>one\n  two</pre>", "one\n two");
        check("x &amp; y &#233; &nbsp;z &lt;p&gt;", "x & y é \u{a0}z <p>");
    }

    #[test]
    fn around_the_report() {
        check("<nav>Home</nav><p>Beya</p><footer>Contact</footer>", "Beya");
        check("<div class='site-menu'><div>Home</div></div><div>Beya</div>", "Beya");
        check(
            "<p>News of today</p><article><h1>Toll</h1>Three died at Beya on Monday.</article>",
            "# Toll\n\nThree died at Beya on Monday.",
        );
        check("<p><a>Home</a> <a>World</a></p><p>Three died at <a>Beya</a>.</p>", "Three died at Beya.");
        check("<p hidden>x</p><p style='color:red; display: none'>y</p>Beya", "Beya");
        check("<script>if (a < b) '<p>x</p>'</script><style>p{}</style><!-- c -->Beya", "Beya");
        check("<noscript><p>Beya</p></noscript>", "Beya");
        check("<nav>a menu never closed<main>Three died.</main>", "Three died.");
        check("<nav>nothing but a menu", "nothing but a menu");
        check("<div id=nav><br><img></div>Beya", "Beya");
    }

    #[test]
    fn head() {
        let page = "<html lang='ar'><head><title> Toll\n at Beya </title><meta property='og:site_name' content='Beya Daily'>\
            <meta name=date content='2024-03-15'><meta property='article:published_time' content='2024-03-14T10:00:00Z'>\
            <link rel=canonical href='https://example.org/1'></head><body><time datetime='2020-01-01'>x</time>";
        let values = extract(page).1;
        let found = [values.title, values.published, values.publisher, values.language, values.url];
        let expected = ["Toll at Beya", "2024-03-14T10:00:00Z", "Beya Daily", "ar", "https://example.org/1"];
        assert_eq!(found, expected.map(|value| Some(value.to_owned())));
        let ld =
            "<script type='application/ld+json'>{\"@graph\": [{\"datePublished\": \"2024-03-14\"}]}</script>";
        assert_eq!(extract(ld).1.published.as_deref(), Some("2024-03-14"));
    }

    /// Depth, length and lack of order must cost no more than the bytes do.
    #[test]
    fn hostile_pages_are_linear() {
        let times = 200_000;
        for part in [
            "<div>",
            "<nav>",
            "<b>",
            "<a href=x>",
            "</p>",
            "<table><tr><td>",
            "<p",
            "<!--",
            "&",
            "<![CDATA[",
            "<x y=z ",
        ] {
            let page = part.repeat(times) + "<p>Beya";
            let start = Instant::now();
            let _ = extract(&page);
            assert!(start.elapsed() < Duration::from_secs(10), "{part}");
        }
        assert_eq!(extract(&("<div>".repeat(20_000) + "Beya")).0, "Beya");
    }
}
