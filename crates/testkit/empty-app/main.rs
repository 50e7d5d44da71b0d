//! `empty-app WIDTH HEIGHT`: one window of that size, one line in it.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let mut sizes = std::env::args().skip(1).map(|word| word.parse().expect("a number"));
    let (width, height) = (sizes.next().unwrap_or(400.0), sizes.next().unwrap_or(640.0));
    tauri::Builder::default()
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Empty")
                .inner_size(width, height)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
        .expect("a window");
}
