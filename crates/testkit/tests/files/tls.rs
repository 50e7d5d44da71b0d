//! Files over encrypted lines: the key that the join link names is asked for on each of them.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::people::{Desk, Operator, Visitor, key, noise, put, wait};

/// More than a handshake takes until the other end's key is looked at, and far less than any file here.
const HANDSHAKE: u64 = 4_000;

/// A door whose next connections may be led elsewhere; those that are there stay where they are.
struct Door {
    address: SocketAddr,
    leads_to: Arc<Mutex<SocketAddr>>,
    strays: Arc<Mutex<Vec<Arc<AtomicU64>>>>,
}

impl Door {
    fn to(home: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (leads_to, strays) = (Arc::new(Mutex::new(home)), Arc::<Mutex<Vec<_>>>::default());
        let door = Self { address: listener.local_addr().unwrap(), leads_to, strays };
        let (leads_to, strays) = (Arc::clone(&door.leads_to), Arc::clone(&door.strays));
        thread::spawn(move || {
            for line in listener.incoming().map_while(Result::ok) {
                let target = *leads_to.lock().unwrap();
                let Ok(desk) = TcpStream::connect(target) else { continue };
                let said = Arc::new(AtomicU64::new(0));
                if target != home {
                    strays.lock().unwrap().push(Arc::clone(&said));
                }
                let back = (desk.try_clone().unwrap(), line.try_clone().unwrap());
                thread::spawn(move || pass(back.0, back.1, &AtomicU64::new(0)));
                thread::spawn(move || pass(line, desk, &said));
            }
        });
        door
    }

    fn leads_to(&self, desk: SocketAddr) {
        *self.leads_to.lock().unwrap() = desk;
    }

    /// What was said on each line that was led elsewhere, in bytes.
    fn strays(&self) -> Vec<u64> {
        self.strays.lock().unwrap().iter().map(|said| said.load(Ordering::SeqCst)).collect()
    }
}

fn pass(mut from: TcpStream, mut into: TcpStream, count: &AtomicU64) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        count.fetch_add(read as u64, Ordering::SeqCst);
        if into.write_all(bytes.get(..read).unwrap()).is_err() {
            break;
        }
    }
    let _ = into.shutdown(Shutdown::Both);
}

fn home(desk: &Desk) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], desk.desk.address().port()))
}

#[test]
fn threats_17_files_go_both_ways_over_tls_and_not_a_byte_to_a_desk_with_another_key() {
    let (mut desk, other) = (Desk::encrypted(), Desk::encrypted());
    let folder = tempfile::tempdir().unwrap();
    let door = Door::to(home(&desk));
    desk.door = Some(door.address);
    assert!(desk.link().pin.is_some() && desk.link().pin != other.link().pin);
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let (up, down, later) = (noise(1, 3_000_000), noise(2, 700_000), noise(3, 400_000));
    visitor.send(&[put(folder.path(), "up.dat", &up)], "");
    let came = operator.until_came(visitor.id, 1);
    assert_eq!(operator.bytes(key(&came[0])), up);
    operator.send(visitor.id, &[put(folder.path(), "down.dat", &down)], "");
    let all = visitor.until_sent(2);
    assert_eq!(visitor.bytes(key(&all[1])), down);
    // The sockets stay where they are; the lines that files open now end at a desk with another key.
    door.leads_to(home(&other));
    let before = door.strays().len();
    visitor.send(&[put(folder.path(), "later.dat", &later)], "");
    wait("files knock at the other desk", || {
        visitor.wake();
        door.strays().len() > before
    });
    wait("each has said something", || door.strays().iter().all(|said| *said > 0));
    assert!(door.strays().iter().all(|said| *said < HANDSHAKE), "{:?}", door.strays());
    assert_eq!((other.parts(), other.desk.connections().unwrap()), (0, 0));
    assert_eq!(visitor.sent().len(), 2, "it waits");
    door.leads_to(home(&desk));
    assert_eq!(operator.bytes(key(&operator.until_came(visitor.id, 3)[2])), later);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
    other.stop();
}
