//! The loop: a job, a frame, a timer; then everything that came of it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use deskbell_core::store::Store;
use deskbell_core::transfers::CarrierReport;
use deskbell_core::{Closed, Notice, Now, Output, Session};
use deskbell_wire::{ClientFrame, DeskFrame, JoinLink, Timestamp};
use tokio::sync::mpsc;

use crate::files::Carrier;
use crate::handle::{Audience, Job, Order};
use crate::socket::{Socket, SocketEvent};

/// Jobs handled before the loop looks at the socket again.
const JOBS_AT_ONCE: usize = 64;

pub(crate) struct Driver<S, A> {
    link: JoinLink,
    session: Session<S>,
    audience: A,
    jobs: mpsc::UnboundedReceiver<Order<S, A>>,
    socket: Option<Socket>,
    carrier: Carrier,
    reports: mpsc::UnboundedReceiver<CarrierReport>,
    born: Instant,
}

enum Next<S, A> {
    Orders(Vec<Order<S, A>>),
    Socket(SocketEvent),
    Files(Vec<CarrierReport>),
    Timer,
    End,
}

impl<S: Store, A: Audience<S>> Driver<S, A> {
    pub(crate) fn new(
        link: JoinLink,
        session: Session<S>,
        audience: A,
        jobs: mpsc::UnboundedReceiver<Order<S, A>>,
        (carrier, reports): (Carrier, mpsc::UnboundedReceiver<CarrierReport>),
    ) -> Self {
        Self { link, session, audience, jobs, socket: None, carrier, reports, born: Instant::now() }
    }

    pub(crate) async fn run(mut self) {
        let now = self.now();
        self.session.tick(now);
        self.settle();
        loop {
            match self.next().await {
                Next::Orders(orders) => {
                    for order in orders {
                        match order {
                            Order::Work(job) => self.work(job),
                            Order::End => return,
                        }
                    }
                }
                Next::Socket(event) => self.socket_event(event),
                Next::Files(reports) => {
                    let now = self.now();
                    reports.into_iter().for_each(|report| self.session.carried(report, now));
                }
                Next::Timer => {
                    let now = self.now();
                    self.session.tick(now);
                }
                Next::End => return,
            }
            self.settle();
        }
    }

    async fn next(&mut self) -> Next<S, A> {
        let deadline = self.session.deadline().map(|mono| self.born + Duration::from_millis(mono));
        let (mut orders, mut reports) = (Vec::new(), Vec::new());
        tokio::select! {
            count = self.jobs.recv_many(&mut orders, JOBS_AT_ONCE) => {
                if count == 0 { Next::End } else { Next::Orders(orders) }
            }
            event = next_event(&mut self.socket) => Next::Socket(event),
            // The driver holds the carrier: there is always somebody who may report.
            _ = self.reports.recv_many(&mut reports, JOBS_AT_ONCE) => Next::Files(reports),
            () = sleep_until(deadline) => Next::Timer,
        }
    }

    fn work(&mut self, job: Job<S, A>) {
        let now = self.now();
        job(&mut self.session, &mut self.audience, now);
    }

    fn socket_event(&mut self, event: SocketEvent) {
        let now = self.now();
        match event {
            SocketEvent::Opened => {
                tracing::info!("connected to the desk");
                self.session.opened(now);
            }
            SocketEvent::Frame(frame) => self.session.frame(*frame, now),
            SocketEvent::Closed(how) => {
                // Once a second at most: between two tries there is a pause.
                tracing::info!(?how, "the connection ended");
                self.socket = None;
                self.session.closed(how, now);
            }
        }
    }

    /// One mutation, then drain: every output in order.
    fn settle(&mut self) {
        while let Some(output) = self.session.poll() {
            match output {
                Output::Dial => self.socket = Some(Socket::dial(self.link.clone())),
                Output::HangUp => self.socket = None,
                Output::Transmit(frame) => self.transmit(&frame),
                Output::Carry(order) => self.carrier.order(order),
                Output::Tell(notice) => self.tell(notice),
            }
        }
    }

    fn transmit(&mut self, frame: &ClientFrame) {
        let Some(socket) = &self.socket else { return };
        if !socket.write(frame) {
            self.socket = None;
            let now = self.now();
            self.session.closed(Closed::Lost, now);
        }
    }

    fn tell(&mut self, notice: Notice) {
        self.audience.hear(&mut self.session, notice);
    }

    fn now(&self) -> Now {
        let mono = u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX);
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        Now { mono, wall: Timestamp(i64::try_from(wall).unwrap_or(i64::MAX)) }
    }
}

async fn next_event(socket: &mut Option<Socket>) -> SocketEvent {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// A frame in a box: the other kinds are small.
pub(crate) type Frame = Box<DeskFrame>;
