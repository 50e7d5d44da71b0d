//! The rounds, all contenders in each, so that a noisy minute is everybody's.

use std::process::ExitCode;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use super::arguments::Plan;
use super::commit::{self, Rows};
use super::crowd;
use super::figures::Spread;
use super::ground::Ground;
use super::load::{self, FullLoad};
use super::report;
use super::server::{self, Kind, Server};

/// How long a round of bare commits or syncs takes.
const BARE: Duration = Duration::from_secs(2);

/// What was measured, a value for each round.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) echo: Contender,
    pub(super) relay: Contender,
    pub(super) desk: Contender,
    /// Messages per second, a message being one row.
    pub(super) bare_messages: Vec<f64>,
    /// Messages per second, a message being two rows: itself and its uid.
    pub(super) bare_commits: Vec<f64>,
    /// fdatasync per second.
    pub(super) syncs: Vec<f64>,
    /// Bytes for each idle visitor.
    pub(super) idle_relay: Vec<f64>,
    pub(super) idle_desk: Vec<f64>,
}

/// One of the three that speak WebSocket.
#[derive(Default)]
pub(super) struct Contender {
    pub(super) low_load: Vec<Spread>,
    pub(super) full_load: Vec<FullLoad>,
}

/// Measures everything and prints the report.
pub(super) fn run(plan: &Plan) -> ExitCode {
    // One thread: the other processor is for what is measured.
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut figures = Figures::default();
    for round in 1..=plan.rounds {
        eprintln!("Round {round} of {} …", plan.rounds);
        figures.round(&runtime, plan);
    }
    report::print(plan, &figures)
}

impl Figures {
    fn round(&mut self, runtime: &Runtime, plan: &Plan) {
        if plan.wants("latency") {
            for kind in [Kind::Echo, Kind::Relay, Kind::Desk] {
                let server = Server::start(kind, plan.encrypted);
                let spread = runtime.block_on(load::low_load(&server, plan.messages));
                self.of(kind).low_load.push(spread);
            }
        }
        if plan.wants("sustained") {
            self.bare(plan);
            for kind in [Kind::Echo, Kind::Relay, Kind::Desk] {
                let server = Server::start(kind, plan.encrypted);
                let load = runtime.block_on(load::full_load(&server, plan));
                self.of(kind).full_load.push(load);
            }
        }
        if plan.wants("idle") {
            for (kind, bytes) in [(Kind::Relay, &mut self.idle_relay), (Kind::Desk, &mut self.idle_desk)] {
                let server = Server::start(kind, plan.encrypted);
                bytes.push(runtime.block_on(crowd::bytes_per_visitor(&server, plan.idle)));
            }
        }
    }

    fn bare(&mut self, plan: &Plan) {
        let rate = |rows| {
            let folder = server::fresh_folder();
            let ground = Ground::at(folder.path(), plan.encrypted);
            commit::messages_per_second(&ground, rows, plan.visitors, BARE)
        };
        self.bare_messages.push(rate(Rows::Message));
        self.bare_commits.push(rate(Rows::MessageAndUid));
        let folder = server::fresh_folder();
        self.syncs.push(commit::syncs_per_second(&Ground::at(folder.path(), false), BARE / 2));
    }

    fn of(&mut self, kind: Kind) -> &mut Contender {
        match kind {
            Kind::Echo => &mut self.echo,
            Kind::Relay => &mut self.relay,
            Kind::Desk => &mut self.desk,
        }
    }
}
