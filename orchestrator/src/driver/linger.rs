//! The end of a connection that still has something to read: it is taken off the wire for a while, so that its client
//! hears the answer and not a reset.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// So much is taken at most, for so long.
const BYTES: usize = 16 << 20;
const TIME: Duration = Duration::from_secs(2);

/// Ends a connection.
pub(super) async fn end(mut stream: TcpStream) {
    let ending = async {
        stream.shutdown().await?;
        let mut rest = [0; 8192];
        let mut taken = 0;
        while taken < BYTES {
            match stream.read(&mut rest).await? {
                0 => break,
                read => taken += read,
            }
        }
        io::Result::Ok(())
    };
    // Whatever goes wrong now, the connection is over.
    let _ = timeout(TIME, ending).await;
}
