//! The contract's sentences on templates, one test each.

use serde_json::json;

use crate::world::{flaw, rendered, told};

#[test]
fn x_functions_are_sloppy_with_a_with_like_scope() {
    let data = json!({"title": "Hello", "obj_name": "x"});
    assert_eq!(
        rendered("<h1><%= title %></h1><% later = title %><%= later %>", &data),
        "<h1>Hello</h1>Hello"
    );
    assert_eq!(rendered("<%= obj.title %> <%= typeof absent %>", &data), "Hello undefined");
    assert_eq!(rendered("<%= typeof title %>", &json!(null)), "undefined");
}

#[test]
fn x_the_settings_are_free_variables_and_globals_are_visible() {
    let template =
        "<%= Comagic.getDeviceType() %> <%= operator_info.avatar || Comagic.UI.C.IMAGES.OPERATOR %>";
    assert_eq!(rendered(template, &json!({"operator_info": {"avatar": null}})), "desktop operator.svg");
    assert_eq!(rendered(template, &json!({"operator_info": {"avatar": "me.png"}})), "desktop me.png");
    assert!(
        told("<%= setting_of_nobody %>", &json!({}), &[])["thrown"]
            .as_str()
            .unwrap()
            .contains("setting_of_nobody")
    );
}

#[test]
fn x_a_setting_shadows_a_global_and_even_print_but_never_what_is_ours() {
    assert_eq!(rendered("<%= Comagic %><% print %>", &json!({"Comagic": "mine", "print": 1})), "mine");
    let ours =
        json!({"__deskbell": 1, "__deskbell_p": 2, "__deskbell_i": 3, "__deskbell_e": 4, "title": "T"});
    assert_eq!(rendered("a<%= title %><%- title %><a b=<%= title %>>", &ours), "aTT<a b=T>");
}

#[test]
fn x_blocks_and_callbacks_may_span_tags() {
    let template = "<ul>\n<% (fields || []).forEach(function (field) { if (field.is_shown) { %>\
                    <li <% if (field.must) { %>class=\"must\"<% } %>><%= field.name %></li><%} else if (field.why) {%>\
                    <!-- <%= field.why %> --><% } })%>\n</ul>";
    let data = json!({"fields": [{"is_shown": true, "must": true, "name": "a"}, {"why": "b"}, {}, {"is_shown": true, "name": "c"}]});
    assert_eq!(rendered(template, &data), "<ul>\n<li class=\"must\">a</li><!-- b --><li >c</li>\n</ul>");
    assert_eq!(rendered(template, &json!({"fields": null})), "<ul>\n\n</ul>");
}

#[test]
fn x_loops_and_lodash_in_scope_span_tags() {
    let template = "<% _.each(rows, function (row, at) { %>${ at }:<%= row %> <% }) %>\
                    <% for (var i = 0; i < 2; i++) { %><%= i %><% } %><%= _.map(rows, function (r) { return r + '!' }) %>";
    assert_eq!(rendered(template, &json!({"rows": ["a", "b"]})), "0:a 1:b 01a!,b!");
    assert_eq!(
        rendered("<% _.each(rows, function (v, k) { %><%= k + v %><% }) %>", &json!({"rows": {"a": 1}})),
        "a1"
    );
}

#[test]
fn x_null_and_undefined_print_nothing() {
    let template = "[<%= nothing %>|<%- nothing %>|${ nothing }|<%= absent && 'cls' %>|<%= undefined %>|<%= 0 %>|<%= false %>]";
    assert_eq!(rendered(template, &json!({"nothing": null, "absent": null})), "[|||||0|false]");
}

#[test]
fn x_several_roots_and_unclosed_tags_are_text_like_any_other() {
    let template = "<comagic><option>a\n</comagic><p>two<br><div class='b'>";
    assert_eq!(rendered(template, &json!({})), template);
}

#[test]
fn x_quotes_and_everything_else_in_texts_stays_as_it_is() {
    let texts = "'\"`\\\\n\\u0041 \\' \u{2028}\u{2029}\u{FEFF}\u{0} a\r\nb\rc\nd $ { } %> % > </script><!-- --> // /* */ <%%>";
    assert_eq!(rendered(texts, &json!({})), texts);
    let with_code = format!("{}<%= '\"' + \"'\" %>", texts.replace("<%%>", ""));
    assert!(rendered(&with_code, &json!({})).ends_with("&quot;&#39;"));
    assert_eq!(rendered("\u{FEFF}<p></p>", &json!({})), "\u{FEFF}<p></p>");
}

#[test]
fn x_comments_at_the_end_of_a_piece_hide_nothing_but_themselves() {
    let template = "<% if (yes) { // it's so %>a<% } // end %>\n<% print('b') // \"b %><% // %>c<%= 1 /* } */ %><% /* %> no <%= 2 %> <% */ %>";
    assert_eq!(rendered(template, &json!({"yes": true})), "a\nbc1");
}

#[test]
fn a_piece_ends_at_the_first_closing_delimiter_even_in_a_string() {
    assert_eq!(flaw("<p>\n<%= '50%>' %>").0, 2);
    assert_eq!(rendered("<%= '50%' + '>' %>", &json!({})), "50%&gt;");
}

#[test]
fn d_what_is_printed_is_escaped_unless_that_very_text_is_trusted() {
    let data = json!({"html": "<b title='\"'>&</b>", "other": "<i>"});
    let template = "<%= html %> <%- html %> ${ html } <%= other %>";
    let escaped = "&lt;b title=&#39;&quot;&#39;&gt;&amp;&lt;/b&gt;";
    assert_eq!(rendered(template, &data), format!("{escaped} {escaped} {escaped} &lt;i&gt;"));
    let trusted = told(template, &data, &["<b title='\"'>&</b>"]);
    assert_eq!(trusted["made"], format!("<b title='\"'>&</b> {escaped} <b title='\"'>&</b> &lt;i&gt;"));
}

#[test]
fn d_a_value_in_an_attribute_without_quotes_stays_one_value() {
    let data = json!({"name": "x onclick=alert(1)\t\n>"});
    let made = rendered("<p class=a-<%= name %> id=<%- name %>-b title=\"<%= name %>\"><%= name %>", &data);
    let one = "x&#32;onclick=alert(1)&#9;&#10;&gt;";
    let usual = "x onclick=alert(1)\t\n&gt;";
    assert_eq!(made, format!("<p class=a-{one} id={one}-b title=\"{usual}\">{usual}"));
}

#[test]
fn print_writes_as_lodash_has_it() {
    assert_eq!(rendered("a<% print('<', null, 1) %>b", &json!({})), "a<1b");
}
