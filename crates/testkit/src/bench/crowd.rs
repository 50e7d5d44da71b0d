//! The memory of visitors who are connected and say nothing.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::sleep;

use super::line::Line;
use super::server::Server;

/// Visitors who arrive at the same time.
const TOGETHER: usize = 50;
/// After the last one came: registrations are written, buffers are let go.
const REST: Duration = Duration::from_secs(3);

/// Bytes of the server's memory (RSS) for each of so many idle visitors.
pub(super) async fn bytes_per_visitor(server: &Server, count: usize) -> f64 {
    let _operator = Line::operator(server).await;
    sleep(REST).await;
    let before = server.memory();
    let mut visitors = Vec::with_capacity(count);
    while visitors.len() < count {
        let arriving = (visitors.len()..count).take(TOGETHER).map(|_| Line::visitor(server));
        visitors.extend(join_all(arriving).await);
    }
    sleep(REST).await;
    let after = server.memory();
    after.saturating_sub(before) as f64 / count as f64
}
