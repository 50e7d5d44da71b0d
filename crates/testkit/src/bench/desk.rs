//! The desk itself, as it ships: started by its own [`deskbell_server::start`], with every limit on speed off.

use std::net::{Ipv4Addr, SocketAddr};

use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_wire::{DeviceId, Secret};
use uuid::Uuid;

use super::ground::Ground;

/// Starts it; the secret is an operator's.
pub(super) fn start(ground: &Ground) -> (RunningDesk, Secret) {
    let desk = deskbell_server::start(DeskOptions {
        data: Some(ground.folder().to_owned()),
        key: ground.key().map(Into::into),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        limits: DeskLimits::unpaced(),
        ..DeskOptions::default()
    });
    let desk = desk.expect("the desk starts");
    desk.add_owner("Bench").expect("an account");
    let (_, session) = desk.local_session(DeviceId(Uuid::new_v4())).expect("a session");
    (desk, session)
}
