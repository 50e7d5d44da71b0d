//! What a stranger may write to break out of a page: made from parts, so that each way of hiding meets each place.
//!
//! Every string of [`attacks`] calls `__canary(n)`, `n` being its place in the list, wherever it is taken for HTML.
//! [`nuisances`] call nothing: they disturb a page by how they look.

/// An element that runs a handler by itself or when somebody touches it: name, attributes, handler.
type Carrier = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const CARRIERS: &[Carrier] = &[
    ("img", &[("src", "x")], "onerror"),
    ("img", &[("srcset", "x")], "onerror"),
    ("image", &[("src", "x")], "onerror"),
    ("input", &[("type", "image"), ("src", "x")], "onerror"),
    ("video", &[("src", "x")], "onerror"),
    ("audio", &[("src", "x")], "onerror"),
    ("video><source", &[("src", "x")], "onerror"),
    ("iframe", &[("src", "about:blank")], "onload"),
    ("style", &[], "onload"),
    ("link", &[("rel", "stylesheet"), ("href", "data:text/css,")], "onload"),
    ("details", &[("open", "")], "ontoggle"),
    ("input", &[("autofocus", "")], "onfocus"),
    ("textarea", &[("autofocus", "")], "onfocus"),
    ("select", &[("autofocus", "")], "onfocus"),
    ("button", &[("autofocus", "")], "onclick"),
    ("a", &[("href", "#")], "onmouseover"),
    ("div", &[("tabindex", "1")], "onfocusin"),
    ("p", &[("contenteditable", "")], "onkeydown"),
    ("label", &[], "onpointerdown"),
    ("marquee", &[], "onpointerenter"),
    ("svg", &[], "onclick"),
    ("svg><circle", &[("r", "9")], "onmousedown"),
    ("svg><animate", &[("attributeName", "x"), ("dur", "1s")], "onbegin"),
    ("svg><set", &[("attributeName", "x"), ("to", "1")], "onbegin"),
    ("math><mi", &[], "onmouseup"),
];

/// The same element written in another way.
type Shape = fn(&Carrier, &str) -> String;

const SHAPES: &[Shape] = &[
    |carrier, call| tag(carrier, call, " ", ""),
    |carrier, call| tag(carrier, call, " ", "\""),
    |carrier, call| tag(carrier, call, "/", "'").to_uppercase().replace(&call.to_uppercase(), call),
    |carrier, call| tag(carrier, call, "\n", "\""),
    |carrier, call| tag(carrier, call, "\t\u{c}", "'"),
    |carrier, call| tag(carrier, &entities(call, |letter| format!("&#{};", letter as u32)), " ", ""),
    |carrier, call| tag(carrier, &entities(call, |letter| format!("&#x{:06X};", letter as u32)), "/", "\""),
    |carrier, call| tag(carrier, &call.replace('_', "\\u005f"), " ", "'"),
    |carrier, call| tag(carrier, &call.replace("__canary", "top[/__can/.source+/ary/.source]"), " ", "\""),
    |carrier, call| format!("\"'`>--></title></textarea></style></script>{}", tag(carrier, call, " ", "\"")),
];

/// Everything that is no handler on an element: `CALL` stands for the call.
const OTHERS: &[&str] = &[
    "<script>CALL</script>",
    "<ScRiPt >CALL</sCrIpT\n>",
    "<script/x>CALL</script/x>",
    "<svg><script>CALL</script></svg>",
    "<svg><script>&#x63;onst a=1;CALL</script></svg>",
    "<script src=\"data:text/javascript,CALL\"></script>",
    "<script type=module>CALL</script>",
    "<script>setTimeout('CALL')</script>",
    "<script>new Function('CALL')()</script>",
    "<a href=\"javascript:CALL\">one</a>",
    "<a href=\" java\tscr\nipt:CALL\">two</a>",
    "<a href=\"&#106;avascript&colon;CALL\">three</a>",
    "<a href=\"javascript://%0aCALL\">four</a>",
    "<svg><a href=\"javascript:CALL\"><text y=9>five</text></a></svg>",
    "<svg><a xlink:href=\"javascript:CALL\"><text y=9>six</text></a></svg>",
    "<form action=\"javascript:CALL\"><button>seven</button></form>",
    "<form><button formaction=\"javascript:CALL\">eight</button></form>",
    "<form><input type=submit formaction=\"JaVaScRiPt:CALL\"></form>",
    "<iframe src=\"javascript:parent.CALL\"></iframe>",
    "<iframe srcdoc=\"<script>parent.CALL</script>\"></iframe>",
    "<iframe srcdoc=\"&lt;img src=x onerror=parent.CALL&gt;\"></iframe>",
    "<style>@keyframes a{to{top:0}}</style><b style=\"animation:a 1ms\" onanimationstart=CALL>",
    "<style>@keyframes b{to{top:0}}</style><b style=\"animation:b 1ms\" onanimationend=CALL>",
    "<svg></p><style><a id=\"</style><img src=x onerror=CALL>\">",
    "<math></p><style><!--</style><img src=x onerror=CALL>-->",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=CALL>",
    "<table><td><svg><desc><td><img src=x onerror=CALL>",
    "<select><template></select><img src=x onerror=CALL>",
    "<svg><foreignObject><img src=x onerror=CALL></foreignObject></svg>",
    "<svg><image href=x onerror=CALL />",
    "<svg><use href=\"#a\" onclick=CALL /></svg>",
    "<xmp></xmp><img src=x onerror=CALL>",
    "<noscript></noscript><img src=x onerror=CALL>",
    "<!--><img src=x onerror=CALL>-->",
    "<!--a--!><img src=x onerror=CALL>",
    "<![CDATA[><img src=x onerror=CALL>]]>",
    "<?xml ><img src=x onerror=CALL>",
    "<<img src=x onerror=CALL>>",
    "<b/><i/onclick=CALL>x",
    "<img src=\"x`><img src=x onerror=CALL>\" onerror=\"CALL\">",
    "<img src=x onerror=CALL x=",
    "\u{202e}<img src=x onerror=CALL>\u{202c}",
    "\u{feff}<img src=x onerror=CALL>",
    "</li></ol></main><img src=x onerror=CALL>",
    "<dialog open onclick=CALL>x</dialog>",
    "<body onpageshow=CALL><img src=x onerror=CALL>",
    "<base href=\"//desk.example/\"><img src=x onerror=CALL>",
    "<object data=\"x\" onerror=CALL onclick=CALL></object>",
    // For places that compile what they show.
    "<%= CALL %>",
    "<% CALL %>",
    "${CALL}",
    "{{constructor.constructor('CALL')()}}",
    "{@html '<img src=x onerror=CALL>'}",
    "javascript:CALL",
    "');CALL;//",
    "</script><script>CALL</script>",
];

/// At least 300 strings, each of which calls `__canary` with its own place.
pub fn attacks() -> Vec<String> {
    let on_elements =
        SHAPES.iter().flat_map(|shape| CARRIERS.iter().map(move |carrier| (Some((shape, carrier)), "")));
    let others = OTHERS.iter().map(|text| (None, *text));
    let made = on_elements.chain(others).enumerate().map(|(at, (element, text))| {
        let call = format!("__canary({at})");
        element.map_or_else(|| text.replace("CALL", &call), |(shape, carrier)| shape(carrier, &call))
    });
    made.collect()
}

/// Direction marks, control characters, joined and enormous words: none of them empty, none above 8,000 characters.
pub fn nuisances() -> Vec<String> {
    let marks = [
        "\u{202a}", "\u{202b}", "\u{202d}", "\u{202e}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{200e}",
        "\u{200f}",
    ];
    let mut made: Vec<String> = marks.iter().map(|mark| format!("to {mark}gnp.exe and on")).collect();
    made.extend(["\u{202e}".repeat(500) + "end", "\u{2069}\u{2069}\u{202c}closed too often".to_owned()]);
    made.extend(
        ["\u{1b}[31mred\u{7}", "a\u{1}b\u{8}c\u{7f}d\u{85}e", "line\u{2028}and\u{2029}paragraph"]
            .map(str::to_owned),
    );
    made.extend(
        ["\u{200b}zero\u{200c}width\u{200d}\u{feff}", "tab\tand\nline", "\u{fffe}\u{ffff}\u{10ffff}"]
            .map(str::to_owned),
    );
    made.push("شكرا <b>1,234</b> \u{202e}לא\u{202c} 5.6".to_owned());
    made.push(format!("Z{}", "\u{301}\u{489}".repeat(600)));
    made.push("\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(300));
    made.push("W".repeat(8_000));
    made.push("\u{fdfd}".repeat(8_000));
    made.push(format!("https://desk.example/{}", "a".repeat(7_900)));
    made.push("a\n".repeat(3_999) + "a");
    made
}

/// `between` stands between name and attributes, `quote` round the values.
fn tag((name, attributes, handler): &Carrier, call: &str, between: &str, quote: &str) -> String {
    let mut text = format!("<{name}");
    for (attribute, value) in attributes.iter().chain([&(*handler, call)]) {
        // An unquoted value ends at a blank alone, and is never empty.
        let between = if quote.is_empty() { " " } else { between };
        let value = if value.is_empty() { "1" } else { value };
        text += &format!("{between}{attribute}={quote}{value}{quote}");
    }
    text + ">x"
}

fn entities(call: &str, written: impl Fn(char) -> String) -> String {
    call.chars().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attack_is_another_and_fits_into_a_message() {
        let attacks = attacks();
        assert!(attacks.len() >= 300, "{}", attacks.len());
        let different: std::collections::BTreeSet<_> = attacks.iter().collect();
        assert_eq!(different.len(), attacks.len());
        for text in attacks.iter().chain(&nuisances()) {
            assert!((1..=8_000).contains(&text.chars().count()), "{}", text.chars().count());
            assert!(!text.trim().is_empty() && !text.contains('\0'));
        }
    }
}
