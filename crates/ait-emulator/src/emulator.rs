//! The emulator with its sockets.

mod builder;
mod credentials;
mod frame;
mod hold;
mod journal;
mod log_file;
mod replay;
mod saver;
mod sender;
mod shared;
mod shell;
mod state;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

pub(crate) use self::shared::Shared;
pub use self::{
    builder::{EmulatorBuilder, ServerCertificate},
    credentials::{Credentials, Files},
};
use self::{hold::Hold, saver::Saver, sender::Sender};
use crate::{
    Server,
    api::{
        Core, Entry, Rng, Time, Violation,
        callbacks::{Callback, Message},
    },
    engine::{Engine, Input, LogEntry},
    fault::{BadRule, Rule},
};

/// The whole API on this machine: three listeners, a world, and a certificate to enter it with.
///
/// Dropping it closes the listeners and stops sending callbacks. Until then its ports belong to it, so that no client ever meets a stranger there.
/// What was answered is in the state folder, if there is one; when it is dropped, all of it is in `state.json`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ait_emulator::Emulator;
///
/// let emulator = Emulator::start().await?;
/// emulator.fault("tosspay.execute_payment after_commit reset")?;
/// println!("{} {}", emulator.url(), emulator.brandpay_url());
/// // … calls …
/// assert!(emulator.violations().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    api: Server,
    brandpay: Server,
    control: Server,
    sender: Sender,
    saver: Saver,
    credentials: Credentials,
    files: Files,
    seed: u64,
    // Let go of last, when all is written.
    hold: Option<Hold>,
}

impl Emulator {
    /// Starts one with what [`builder`](Self::builder) begins with.
    ///
    /// # Errors
    ///
    /// If a port cannot be opened, or a certificate cannot be made.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings to start from: free ports of 127.0.0.1, new certificates, the clock of the machine, a random seed.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Where Apps in Toss and Toss Pay are: `https://localhost:PORT`, for both hosts.
    #[must_use]
    pub fn url(&self) -> String {
        self.api.url()
    }

    /// Where BrandPay is: `https://localhost:PORT`.
    #[must_use]
    pub fn brandpay_url(&self) -> String {
        self.brandpay.url()
    }

    /// Where the control API and its page are: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.control.url()
    }

    /// The certificates: of the authority to trust, and of clients to be.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Where the certificates lie as files, for programs in other languages.
    #[must_use]
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The seed. With it, a run can be repeated, unless it went on from a state that was kept.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A secret key of the BrandPay shop, made for this run.
    #[must_use]
    pub fn brandpay_secret_key(&self) -> String {
        self.shared.caught_up(|engine| engine.core.world.brandpay.secret_key().unwrap_or_default().to_owned())
    }

    /// The environment variables that tell a program where everything is, in order.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.shared.environment()
    }

    fn places(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| path.display().to_string();
        vec![
            ("AIT_BASE_URL", self.url()),
            ("AIT_PAY_BASE_URL", self.url()),
            ("AIT_CA_FILE", path(&self.files.ca)),
            ("AIT_CERT_FILE", path(&self.files.certificate)),
            ("AIT_KEY_FILE", path(&self.files.key)),
            ("AIT_EMULATOR_CONTROL_URL", self.control_url()),
            ("BRANDPAY_BASE_URL", self.brandpay_url()),
            ("NODE_EXTRA_CA_CERTS", path(&self.files.ca)),
        ]
    }

    /// Lets go wrong what this rule says. See [`fault`](crate::fault).
    ///
    /// # Errors
    ///
    /// If the line is no rule; the text says which word is wrong.
    pub fn fault(&self, rule: &str) -> Result<u64, BadRule> {
        let rule: Rule = rule.parse()?;
        Ok(self.shared.fault(rule))
    }

    /// From now on, tells the shop by itself. Without an address there is no callback, also not later.
    pub fn callback(&self, callback: Callback) {
        self.shared.caught_up(|engine| engine.core.callbacks.insert(callback.kind(), callback));
    }

    /// The last callbacks, oldest first, and what came of them.
    #[must_use]
    pub fn outbox(&self) -> Vec<Message> {
        self.shared.caught_up(|engine| engine.core.world.outbox.messages().cloned().collect())
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Duration) {
        self.shared.input(Input::Advance(u64::try_from(by.as_millis()).unwrap_or(u64::MAX)));
    }

    /// The time by the emulator's clock.
    #[must_use]
    pub fn now(&self) -> Time {
        self.shared.caught_up(|engine| engine.now(SystemTime::now()))
    }

    /// Every movement of money and points so far.
    #[must_use]
    pub fn ledger(&self) -> Vec<Entry> {
        self.shared.caught_up(|engine| engine.core.world.ledger.iter().cloned().collect())
    }

    /// What is wrong with the money. Empty when all is well.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.caught_up(|engine| engine.core.violations())
    }

    /// What breaks the rule `no-lost-sale` if the run is over now: the payments that were taken, of which the caller was not
    /// told, and about which nobody has asked since. While the run goes on, the shop may still ask.
    #[must_use]
    pub fn lost_sales(&self) -> Vec<Violation> {
        self.shared.caught_up(|engine| engine.core.lost_sales())
    }

    /// The last calls, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<LogEntry> {
        self.shared.caught_up(|engine| engine.log.entries().cloned().collect())
    }

    /// Sets something up in the world, or looks at it. It is [`engine`](Self::engine) for a part.
    pub fn world<T>(&self, action: impl FnOnce(&mut Core, Time, &mut Rng) -> T) -> T {
        self.engine(|engine| {
            let now = engine.now(SystemTime::now());
            let (core, rng) = engine.parts();
            action(core, now, rng)
        })
    }

    /// Everything without the sockets: faults, clock, world. What a fault has put off and is due is done first.
    ///
    /// Whatever is done here cannot be told from its effects: with a state folder, the whole state is written before the
    /// next call is answered, or within about a second.
    pub fn engine<T>(&self, action: impl FnOnce(&mut Engine) -> T) -> T {
        self.shared.freely(action)
    }

    /// Stops accepting, lets the calls and callbacks in progress finish for so long, and closes.
    pub async fn drain(self, timeout: Duration) {
        let Self { api, brandpay, control, sender, saver, files, hold, .. } = self;
        tokio::join!(
            api.drain(timeout),
            brandpay.drain(timeout),
            control.drain(timeout),
            sender.drain(timeout),
        );
        drop((saver, files, hold));
    }

    /// The folder in which state and certificates are kept, if one is.
    #[must_use]
    pub fn state_folder(&self) -> Option<PathBuf> {
        self.shared.state_folder().map(Path::to_path_buf)
    }
}

/// Says it on standard error, if anybody listens.
fn say(what: &str) {
    use io::Write as _;
    let _ = writeln!(io::stderr(), "ait-emulator: {what}");
}
