//! The HTML part of a letter: a small whole document in the product's look, for mail programs.
//!
//! What must always hold: what others gave is escaped and stands in an element of its own with its own direction;
//! it is never in an attribute, a style or an address; no picture, link, script or font, so nothing is fetched.
//!
//! Styles stand in the elements, because many programs drop `<style>`; each element that has a colour has its ground
//! too, so that a program that darkens letters by itself keeps them readable. Where `<style>` is read, the dark
//! colours of the product are used.

use std::fmt::Write as _;

use super::clean::escape;
use super::page::{Page, Said, Side};
use super::words::{Locale, Phrase, Piece};

const PAPER: &str = "background-color:#FBFAF7;color:#1E2329";
const SURFACE: &str = "background-color:#FFFFFF;color:#1E2329";
const MUTED: &str = "color:#5B6470;font-size:13px;line-height:18px";
const FACE: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
/// Words as they were typed; one without spaces breaks anywhere rather than widen the page.
const BUBBLE: &str = "display:inline-block;max-width:90%;box-sizing:border-box;padding:8px 12px;border-radius:10px;\
white-space:pre-wrap;overflow-wrap:anywhere;word-wrap:break-word;word-break:break-word;text-align:left;text-align:start";
const OWN: &str = "background-color:#1F4B43;color:#FFFFFF";
const THEIRS: &str = "background-color:#F0EDE6;color:#1E2329";

/// The dark colours, where they are read.
const DARK: &str = ":root{color-scheme:light dark;supported-color-schemes:light dark}\
@media (prefers-color-scheme:dark){\
.paper{background-color:#15181B!important;color:#ECEAE4!important}\
.surface{background-color:#1D2125!important;color:#ECEAE4!important;border-color:#30363C!important}\
.muted{color:#A2A9B1!important}\
.rule{border-color:#30363C!important}\
.own{background-color:#2E6A60!important;color:#FFFFFF!important}\
.theirs{background-color:#282D32!important;color:#ECEAE4!important}}";

/// The part, lines ended by `\n`.
pub(super) fn write(page: &Page, locale: Locale) -> String {
    let mut html = head(page, locale);
    for phrase in page.lead.iter().chain(&page.notes) {
        let _ = writeln!(html, "<p dir=\"auto\" style=\"margin:0 0 8px\">{}</p>", marked(phrase));
    }
    for day in &page.days {
        let _ = writeln!(
            html,
            "<p class=\"muted\" style=\"margin:24px 0 8px;text-align:center;{MUTED}\">{}</p>",
            escape(&day.date)
        );
        for said in &day.said {
            message(&mut html, said);
        }
    }
    foot(&mut html, page);
    html
}

fn head(page: &Page, locale: Locale) -> String {
    let (lang, title, heading) = (locale.tag(), escape(&page.title.text()), marked(&page.title));
    format!(
        "<!doctype html>\n\
<html lang=\"{lang}\" dir=\"ltr\">\n\
<head>\n\
<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta name=\"color-scheme\" content=\"light dark\">\n\
<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
<title>{title}</title>\n\
<style>{DARK}</style>\n\
</head>\n\
<body class=\"paper\" style=\"margin:0;padding:0;{PAPER}\">\n\
<table role=\"presentation\" class=\"paper\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"{PAPER}\">\n\
<tr><td align=\"center\" style=\"padding:24px 12px\">\n\
<table role=\"presentation\" class=\"surface\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
style=\"max-width:640px;table-layout:fixed;border:1px solid #E4E0D8;border-radius:10px;{SURFACE}\">\n\
<tr><td style=\"padding:24px;text-align:left;text-align:start;font-size:15px;line-height:22px;{FACE}\">\n\
<h1 dir=\"auto\" style=\"margin:0 0 16px;font-size:20px;line-height:26px;font-weight:600\">{heading}</h1>\n"
    )
}

fn message(html: &mut String, said: &Said) {
    let (who, time, words) = (marked(&said.who), escape(&said.time), broken(&said.text));
    let _ = match said.side {
        Side::System => writeln!(
            html,
            "<div class=\"muted\" style=\"margin:12px 0;text-align:center;overflow-wrap:anywhere;\
word-break:break-word;{MUTED}\">{time} · {who}<div dir=\"auto\">{words}</div></div>"
        ),
        side => {
            let (class, colours, align) =
                if side == Side::Visitor { ("own", OWN, "right") } else { ("theirs", THEIRS, "left") };
            writeln!(
                html,
                "<div style=\"margin:12px 0;text-align:{align}\"><div class=\"muted\" style=\"margin:0 0 4px;{MUTED}\">{time} · {who}\
</div><div dir=\"auto\" class=\"{class}\" style=\"{BUBBLE};{colours}\">{words}</div></div>"
            )
        }
    };
}

fn foot(html: &mut String, page: &Page) {
    let _ = writeln!(
        html,
        "<div class=\"rule muted\" style=\"margin:24px 0 0;padding:16px 0 0;border-top:1px solid #E4E0D8;{MUTED}\">"
    );
    for phrase in &page.foot {
        let _ = writeln!(html, "<p style=\"margin:0 0 4px\">{}</p>", marked(phrase));
    }
    html.push_str("</div>\n</td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n");
}

/// A sentence; what others gave keeps its direction to itself.
fn marked(phrase: &Phrase) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Ours(text) => escape(text),
        Piece::Theirs(text) => format!("<bdi dir=\"auto\">{}</bdi>", escape(text)),
    };
    phrase.0.iter().map(piece).collect()
}

/// Some programs know no `pre-wrap`: lines are broken by elements.
fn broken(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}
