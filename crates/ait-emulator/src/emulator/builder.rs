//! Setting an emulator up.

use std::{
    io, mem,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::SystemTime,
};

use super::{
    Emulator, Hold, Saver, Sender, Shared,
    credentials::{Credentials, Files},
    journal::{self, Journal, SNAPSHOT_AFTER},
    replay, shared, shell, state,
};
use crate::{
    Authority, ClientAuth, Issued, Leaf, Proof, Server, ServerBuilder,
    api::{
        Face, Switches,
        callbacks::{Callback, Callbacks},
    },
    control,
    engine::{Clock, Engine, Input, Start},
    fault::Rule,
};

/// Which certificate the listeners show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServerCertificate {
    /// A valid one.
    #[default]
    Good,
    /// One that expired yesterday.
    Expired,
    /// A valid one from another authority.
    Foreign,
}

/// How an emulator is set up; [`start`](Self::start) starts it.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct EmulatorBuilder {
    seed: Option<u64>,
    clock: Option<Clock>,
    switches: Option<Switches>,
    rules: Vec<Rule>,
    callbacks: Callbacks,
    state: Option<PathBuf>,
    log: Option<PathBuf>,
    app: Option<String>,
    ports: [u16; 3],
    proof: Option<Proof>,
    client_auth: ClientAuth,
    server_certificate: ServerCertificate,
    snapshot_after: Option<u64>,
}

impl EmulatorBuilder {
    /// Makes the run repeatable: the same calls in the same order give the same bytes. Unless told otherwise, the clock
    /// then stands, and moves on by a tenth of a second with each call. A state that was kept goes on with its own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The clock to start with. A state that was kept goes on with its own time, if its clock is of this kind.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// How to do what nobody has documented. They take the place of those of a state that was kept.
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = Some(switches);
        self
    }

    /// Puts a rule in force from the start, also if a state that was kept has it and is done with it.
    pub fn fault(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Tells the shop by itself. A state folder keeps what was not delivered yet, but no address: say it each time.
    pub fn callback(mut self, callback: Callback) -> Self {
        self.callbacks.insert(callback.kind(), callback);
        self
    }

    /// Keeps certificates and state in this folder, and goes on from what is there.
    pub fn state(mut self, folder: impl Into<PathBuf>) -> Self {
        self.state = Some(folder.into());
        self
    }

    /// Writes a line of JSON for each call into this file.
    pub fn log(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = Some(file.into());
        self
    }

    /// The name of the mini-app in the client's certificate. By default `my-app`, or that of the certificate in the state
    /// folder. For another name a new certificate takes its place.
    pub fn app(mut self, name: impl Into<String>) -> Self {
        self.app = Some(name.into());
        self
    }

    /// The ports of 127.0.0.1 for Apps in Toss, BrandPay and the control API. 0, the default, is any free one.
    pub fn ports(mut self, api: u16, brandpay: u16, control: u16) -> Self {
        self.ports = [api, brandpay, control];
        self
    }

    /// Lets `GET /_ctl/v1/env` of the control API prove with this secret who answers. The program does it for `env`.
    pub fn proof(mut self, proof: Proof) -> Self {
        self.proof = Some(proof);
        self
    }

    /// What happens to a client without a valid certificate. By default the handshake fails.
    pub fn client_auth(mut self, auth: ClientAuth) -> Self {
        self.client_auth = auth;
        self
    }

    /// Which certificate the listeners show.
    pub fn server_certificate(mut self, certificate: ServerCertificate) -> Self {
        self.server_certificate = certificate;
        self
    }

    /// So many octets are logged before a snapshot is taken, if the last one was not larger. For tests.
    #[doc(hidden)]
    pub fn snapshot_after(mut self, octets: u64) -> Self {
        self.snapshot_after = Some(octets);
        self
    }

    /// Starts the emulator.
    ///
    /// # Errors
    ///
    /// If a port cannot be opened, or the state folder cannot be read or written or is another emulator's, or a key in it
    /// can be read by others.
    pub async fn start(mut self) -> io::Result<Emulator> {
        // Programs that are told of the files may run elsewhere.
        self.state = self.state.map(std::path::absolute).transpose()?;
        let app = self.app.as_deref();
        // It may be a pipe, which waits for a reader: nothing was made by then.
        let log = self.log.as_deref().map(shared::open_log).transpose()?;
        let hold = self.state.as_deref().map(Hold::take).transpose()?;
        let credentials = match &self.state {
            Some(folder) => Credentials::kept(folder, app)?,
            None => Credentials::new(app)?,
        };
        let files = Files::write(&credentials, self.state.as_deref())?;
        let certificate = self.server(&credentials)?;
        let seed = self.seed.unwrap_or_else(|| fastrand::u64(..));
        let (engine, journal) = self.engine(seed, hold.as_ref())?;
        let shared = Arc::new(Shared::new(engine, journal, log, self.proof.take()));
        let [api, brandpay, control] = self.ports.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let auth = self.client_auth;
        let api = Server::builder()
            .listen(api)
            .dual_stack()
            .tls(&certificate)
            .ask_client(auth, &credentials.authority);
        let brandpay = Server::builder().listen(brandpay).dual_stack().tls(&certificate);
        let control = Server::builder().listen(control);
        let api = serve(api, &shared, Face::AppsInToss).await?;
        let brandpay = serve(brandpay, &shared, Face::BrandPay).await?;
        let control = control::serve(control, &shared).await?;
        let saver = Saver::start(&shared);
        let sender = Sender::start(&shared);
        let emulator =
            Emulator { shared, api, brandpay, control, sender, saver, credentials, files, seed, hold };
        emulator.shared.publish(emulator.places());
        Ok(emulator)
    }

    /// What was kept, or a new one; and what was asked for here.
    fn engine(&self, seed: u64, hold: Option<&Hold>) -> io::Result<(Engine, Option<Journal>)> {
        let kind = if self.seed.is_some() { Clock::manual() } else { Clock::default() };
        let mut engine = Engine::new(seed, self.clock.unwrap_or(kind));
        let Some(hold) = hold else {
            self.set_up(&mut engine);
            return Ok((engine, None));
        };
        let (claim, least) = (hold.claim()?, self.snapshot_after.unwrap_or(SNAPSHOT_AFTER));
        let Some((kept, size)) = state::load(claim.folder())? else {
            replay::none_without_snapshot(claim.folder())?;
            self.set_up(&mut engine);
            let mut first = engine.snapshot();
            first.generation = 1;
            let size = state::save(claim.folder(), &first)?;
            return Ok((engine, Some(Journal::new(claim, 1, 0, size, least))));
        };
        let generation = kept.generation;
        engine.restore(kept);
        let (mut engine, end) = replay::repeat(claim.folder(), generation, engine)?;
        engine.log.clear();
        let before = Start::new(&engine);
        self.set_up(&mut engine);
        let mut journal = Journal::new(claim, end.generation, end.logged, size, least);
        if !before.is_of(&engine) {
            let start = journal::text(&Input::Start(Box::new(Start::new(&engine))))?;
            journal.append(&engine, SystemTime::now(), &start)?;
        }
        Ok((engine, Some(journal)))
    }

    /// What was asked for here.
    fn set_up(&self, engine: &mut Engine) {
        if let Some(clock) = self.clock
            && mem::discriminant(&clock) != mem::discriminant(&engine.clock)
        {
            engine.clock = clock;
        }
        if let Some(switches) = &self.switches {
            engine.core.switches.clone_from(switches);
        }
        engine.core.callbacks.clone_from(&self.callbacks);
        for rule in &self.rules {
            let old = engine.faults.armed().iter().filter(|armed| armed.rule == *rule).map(|armed| armed.id);
            for id in old.collect::<Vec<_>>() {
                engine.faults.remove(id);
            }
        }
        for rule in &self.rules {
            engine.faults.add(rule.clone());
        }
    }

    fn server(&self, credentials: &Credentials) -> io::Result<Issued> {
        match self.server_certificate {
            ServerCertificate::Good => credentials.server(false),
            ServerCertificate::Expired => credentials.server(true),
            ServerCertificate::Foreign => {
                Authority::new("Somebody else's CA")?.issue(&Leaf::server(&["localhost", "127.0.0.1"]))
            }
        }
    }
}

async fn serve(server: ServerBuilder, shared: &Arc<Shared>, face: Face) -> io::Result<Server> {
    let (gate, handler) = (Arc::clone(shared), Arc::clone(shared));
    server
        .gate(move |arrival| shell::gate(&gate, arrival))
        .http(move |request| shell::answer(Arc::clone(&handler), face, request))
        .await
}
