//! The signals that end the program.

/// The signals that end the program. Once one of these is there, they no longer end it by themselves.
pub(crate) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    /// `None`: it is ignored, as under `nohup`.
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Stop {
    pub(crate) fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: hangup_counts().then(|| signal(SignalKind::hangup())).transpose()?,
        })
    }

    /// Waits for SIGTERM, SIGHUP or Ctrl-C, and tells the exit code that shells give it.
    pub(crate) async fn wait(&mut self) -> u8 {
        let hangup = async {
            match &mut self.hangup {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => 143,
            _ = self.interrupt.recv() => 130,
            _ = hangup => 129,
        }
    }
}

/// Whether SIGHUP is not ignored. Where nobody tells, it is left as it is: taking it would undo `nohup`.
#[cfg(unix)]
fn hangup_counts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // The first bit is that of the first signal, which it is.
    ignored.is_some_and(|mask| mask & 1 == 0)
}

#[cfg(not(unix))]
impl Stop {
    pub(crate) fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for Ctrl-C, and tells the exit code of that.
    pub(crate) async fn wait(&mut self) -> u8 {
        let _ = tokio::signal::ctrl_c().await;
        130
    }
}
