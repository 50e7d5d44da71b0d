//! A company's form in a real window: axe finds nothing in it, in both themes.

use deskbell_tests::App;

const AXE: &str = include_str!("../../../../ui/node_modules/axe-core/axe.min.js");

/// Fails with everything that is wrong with what the window shows now.
pub(crate) async fn is_accessible(app: &App, what: &str) {
    let page = app.page();
    page.script::<()>(&format!("if (!window.axe) {{ {AXE}; }}")).await;
    let mut found = Vec::new();
    // What differs between the themes is colours.
    for (theme, options) in [("light", "{}"), ("dark", "{ runOnly: ['color-contrast'] }")] {
        let flaws = page.script_async(&looked_at(theme, options)).await;
        let flaws: Vec<String> = serde_json::from_value(flaws).unwrap();
        found.extend(flaws.into_iter().map(|flaw| format!("{theme}: {flaw}")));
    }
    assert!(found.is_empty(), "{what}: {} findings:\n{}", found.len(), found.join("\n"));
}

fn looked_at(theme: &str, options: &str) -> String {
    format!(
        "const done = arguments[arguments.length - 1];
         const root = document.documentElement;
         const before = root.dataset.theme ?? '';
         root.dataset.theme = '{theme}';
         document.getAnimations().forEach((one) => {{
           if (one.effect.getComputedTiming().endTime !== Infinity) one.finish();
         }});
         axe.run(document, {{ ...{options}, resultTypes: ['violations'], elementRef: false }}).then(
           ({{ violations }}) => violations.flatMap(({{ id, nodes }}) => nodes.map((node) =>
             `${{id}}: ${{node.target.join(' ')}}: ${{node.failureSummary.replace(/\\s+/g, ' ')}}`)),
           (error) => [String(error)],
         ).then((flaws) => {{ root.dataset.theme = before; done(flaws); }});"
    )
}
