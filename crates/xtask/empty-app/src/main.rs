//! A window that appears when its page is ready, and nothing else.

use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let app = tauri::Builder::default().setup(|app| {
        WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
            .inner_size(400.0, 640.0)
            .visible(false)
            .on_page_load(|window, page| {
                if page.event() == PageLoadEvent::Finished {
                    window.show().expect("a window");
                }
            })
            .build()?;
        Ok(())
    });
    app.run(tauri::generate_context!()).expect("a running app");
}
