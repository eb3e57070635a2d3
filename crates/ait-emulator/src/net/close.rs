//! Ending a connection so that the peer gets all that was written.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::server::Shared;

/// How long a peer may take to read what is left and to close its side.
const PATIENCE: Duration = Duration::from_secs(1);

/// Ends the sending side, then discards what the peer still sends until it closes too.
///
/// A socket that is closed with unread data resets its connection, and the peer then loses what it has not
/// read yet: the alert that says why its certificate was refused, for one.
pub(crate) async fn close(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let orderly = async {
        if stream.shutdown().await.is_ok() {
            discard(&mut stream).await;
        }
    };
    let _ = tokio::time::timeout(PATIENCE, orderly).await;
}

/// Reads until the peer closes or vanishes.
async fn discard(stream: &mut (impl AsyncRead + Unpin)) {
    let mut buffer = [0; 4096];
    while let Ok(1..) = stream.read(&mut buffer).await {}
}

/// Holds a connection in silence until the peer closes it, or the server drains.
pub(crate) async fn hang(stream: &mut (impl AsyncRead + Unpin), shared: &Shared) {
    tokio::select! {
        () = discard(stream) => {}
        _ = shared.until_draining() => {}
    }
}
