//! Ceiling: what WebSocket over loopback costs, with nothing behind it.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::line;

/// Gives every frame back, for ever.
pub(super) async fn serve(listener: TcpListener) {
    while let Ok((tcp, _)) = listener.accept().await {
        tokio::spawn(echo(tcp));
    }
}

async fn echo(tcp: TcpStream) -> Option<()> {
    tcp.set_nodelay(true).ok()?;
    let accepted = tokio_tungstenite::accept_async_with_config(tcp, Some(line::config())).await;
    let (mut sink, stream) = accepted.ok()?.split();
    // What has arrived together goes back together.
    let mut stream = stream.ready_chunks(64);
    while let Some(frames) = stream.next().await {
        for frame in frames {
            sink.feed(frame.ok().filter(|frame| frame.is_text())?).await.ok()?;
        }
        sink.flush().await.ok()?;
    }
    Some(())
}
