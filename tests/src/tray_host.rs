//! A panel: it takes the icons that register, reads their menus and clicks them, all over D-Bus.
//!
//! What must always hold: a click goes to the line that was read, by its number, as a panel's does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, Proxy, connection::Builder};
use zbus::zvariant::{OwnedValue, Value};

use crate::process::limit;
use crate::world::World;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// The panel of a computer.
pub struct TrayHost {
    bus: Connection,
    items: Arc<Mutex<Vec<String>>>,
}

/// A line of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, for clicks.
    pub id: i32,
    /// The words; empty for a line between groups.
    pub label: String,
    /// Can it be clicked?
    pub enabled: bool,
    /// Chosen or not, where it can be.
    pub checked: Option<bool>,
}

struct Watcher(Arc<Mutex<Vec<String>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) {
        // A path instead of a name: the item is at the sender's.
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let name = if service.starts_with('/') { sender } else { service.to_owned() };
        self.0.lock().unwrap().push(name);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl TrayHost {
    /// The panel comes up.
    pub fn start(world: &World) -> Self {
        let items: Arc<Mutex<Vec<String>>> = Arc::default();
        let bus = Builder::address(world.bus_address())
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&items)))
            .unwrap()
            .name(WATCHER)
            .unwrap()
            .build()
            .unwrap();
        Self { bus, items }
    }

    /// The panel goes away.
    pub fn stop(self) {
        self.bus.release_name(WATCHER).unwrap();
        self.bus.close().unwrap();
    }

    /// Waits for the newest icon.
    #[track_caller]
    fn item(&self) -> String {
        let until = Instant::now() + limit();
        loop {
            if let Some(item) = self.items.lock().unwrap().last() {
                return item.clone();
            }
            assert!(Instant::now() < until, "no icon comes into the tray");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The words beside the icon: what is under the program's name.
    #[track_caller]
    pub fn sentence(&self) -> String {
        type ToolTip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let tip: OwnedValue = self.icon().get_property("ToolTip").unwrap();
        let (_, _, title, words): ToolTip = Value::from(tip).downcast().unwrap();
        assert_eq!(title, "Deskbell");
        words
    }

    /// The picture's pixels.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let pictures: OwnedValue = self.icon().get_property("IconPixmap").unwrap();
        let mut pictures: Vec<(i32, i32, Vec<u8>)> = Value::from(pictures).downcast().unwrap();
        pictures.remove(0).2
    }

    /// The left click.
    #[track_caller]
    pub fn activate(&self) {
        let _: () = self.icon().call("Activate", &(0, 0)).unwrap();
    }

    /// The menu, from above.
    #[track_caller]
    pub fn menu(&self) -> Vec<Entry> {
        type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let (_, (_, _, lines)): (u32, Layout) =
            self.lines().call("GetLayout", &(0, -1, Vec::<String>::new())).unwrap();
        let line = |line: OwnedValue| {
            let (id, properties, _): Layout = Value::from(line).downcast().unwrap();
            entry(id, properties)
        };
        lines.into_iter().map(line).collect()
    }

    /// What can be read in it.
    #[track_caller]
    pub fn labels(&self) -> Vec<String> {
        self.menu().into_iter().map(|entry| entry.label).collect()
    }

    /// Waits for a line with these words.
    #[track_caller]
    pub fn until_entry(&self, label: &str) -> Entry {
        self.until(label, |menu| menu.iter().any(|entry| entry.label == label));
        self.menu().into_iter().find(|entry| entry.label == label).unwrap()
    }

    /// Waits until the menu reads so.
    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn(&[Entry]) -> bool) {
        let until = Instant::now() + limit();
        while !is_so(&self.menu()) {
            assert!(Instant::now() < until, "never: {what} in {:#?}", self.menu());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Clicks the line with these words, once it is there.
    #[track_caller]
    pub fn click(&self, label: &str) {
        let entry = self.until_entry(label);
        assert!(entry.enabled, "{label} is only to be read");
        self.click_number(entry.id);
    }

    /// Clicks a line that was read before, whatever the menu shows now.
    #[track_caller]
    pub fn click_number(&self, id: i32) {
        let clicked = self.lines().call::<_, _, ()>("Event", &(id, "clicked", Value::from(0), 0_u32));
        drop(clicked);
    }

    fn icon(&self) -> Proxy<'_> {
        Proxy::new(&self.bus, self.item(), "/StatusNotifierItem", ITEM).unwrap()
    }

    fn lines(&self) -> Proxy<'_> {
        Proxy::new(&self.bus, self.item(), "/MenuBar", MENU).unwrap()
    }
}

fn entry(id: i32, mut properties: HashMap<String, OwnedValue>) -> Entry {
    let label = properties.remove("label").and_then(|label| String::try_from(label).ok()).unwrap_or_default();
    let enabled = properties.remove("enabled").is_none_or(|on| bool::try_from(on).unwrap_or(true));
    let checked = properties.remove("toggle-state").and_then(|state| i32::try_from(state).ok());
    Entry { id, label, enabled, checked: checked.map(|state| state == 1) }
}
