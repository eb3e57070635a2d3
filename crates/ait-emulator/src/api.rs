//! The API itself, without I/O: a request and a time go in, an answer and events come out.
//!
//! [`Core`] knows no socket, no clock and no chance but the ones it is handed, so that the same requests at the same
//! times with the same seed give the same bytes. Everything it remembers is in its [`World`], a plain value that can be
//! stored, compared and put back; what it tells the shop by itself, too, in the [`Outbox`](callbacks::Outbox).

mod answer;
mod asked;
mod audit;
pub mod brandpay;
pub mod callbacks;
mod context;
mod envelope;
mod flat;
mod form;
pub mod iap;
mod ledger;
mod limits;
pub mod login;
pub mod messenger;
mod near_miss;
pub mod pay;
pub mod promotion;
mod request;
mod rng;
mod route;
mod store;
mod subject;
pub mod switches;
mod time;
mod user;
mod world;

#[cfg(test)]
pub(crate) use self::ledger::doubt;
pub use self::{
    answer::{Answer, Basis},
    ledger::{Entry, Ledger, Movement, Violation},
    request::{Face, Request},
    rng::Rng,
    route::{Host, Route, routes},
    store::{Record, Set, Table},
    switches::Switches,
    time::Time,
    user::{User, UserId},
    world::World,
};
use self::{callbacks::Callbacks, context::Context};
pub(crate) use self::{
    store::{Patch, by_member, replaced, within},
    subject::{Subject, subject},
};

/// The API and everything it remembers.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Core {
    /// What it remembers.
    pub world: World,
    /// How it does what nobody has documented.
    pub switches: Switches,
    /// Where it calls back. Not a part of the world: an address is one of this machine, and may hold a password.
    pub callbacks: Callbacks,
}

/// What came of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Handled {
    /// The name of the endpoint, as in the crates: `promotion.execute_promotion`. `None` if there is none.
    pub endpoint: Option<&'static str>,
    /// The answer.
    pub answer: Answer,
    /// The numbers of the new entries in the ledger.
    pub entries: Vec<u64>,
}

impl Core {
    /// An empty world, with secrets made from this source of chance.
    #[must_use]
    pub fn new(rng: &mut Rng) -> Self {
        Self::from_parts(World::new(rng), Switches::default())
    }

    /// This world, with these switches. It calls nobody back.
    #[must_use]
    pub fn from_parts(world: World, switches: Switches) -> Self {
        Self { world, switches, callbacks: Callbacks::new() }
    }

    /// Answers a request.
    pub fn handle(&mut self, request: &Request, now: Time, rng: &mut Rng) -> Handled {
        // What time has brought, and what was set up, is not the doing of this call.
        promotion::settle(&mut self.world, now);
        self.world.audit();
        self.tell_news(now, rng);
        let before = self.world.ledger.next_number();
        let found = route::find(request);
        let answer = match &found {
            Ok(found) => {
                let mut context = Context {
                    world: &mut self.world,
                    switches: &self.switches,
                    now,
                    rng,
                    request,
                    parameters: &found.parameters,
                };
                // A refusal is an answer too.
                let answer = context.check_content_type().and_then(|()| found.route.answer(&mut context));
                answer.unwrap_or_else(|refusal| refusal)
            }
            Err(miss) => miss.answer(request),
        };
        // Whether the answer arrives does not matter: a callback is how a shop learns of what it was not told.
        self.tell_news(now, rng);
        Handled {
            endpoint: found.ok().map(|found| found.route.name),
            answer,
            entries: (before..self.world.ledger.next_number()).collect(),
        }
    }

    /// The caller has this answer of an endpoint, whole.
    pub(crate) fn delivered(&mut self, endpoint: Option<&str>, request: &Request, answer: &Answer) {
        if endpoint == Some("promotion.execution_result") {
            promotion::delivered(&mut self.world, request, answer);
        }
        if let Some(endpoint) = endpoint {
            asked::delivered(&mut self.world, endpoint, request, answer);
        }
    }

    /// The shop has taken this webhook of BrandPay.
    pub(crate) fn heard(&mut self, body: &str) {
        asked::heard(&mut self.world, body);
    }

    /// What is wrong with the money, as far as the ledger and the state tell. Empty when all is well.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        audit::violations(&self.world, usize::MAX).1
    }

    /// How many things are wrong with the money, and the first of them.
    pub(crate) fn first_violations(&self, most: usize) -> (usize, Vec<Violation>) {
        audit::violations(&self.world, most)
    }

    /// What breaks the rule `no-lost-sale` if the run is over now: the payments that were taken, of which the caller was not
    /// told, and about which nobody has asked since.
    #[must_use]
    pub fn lost_sales(&self) -> Vec<Violation> {
        self.world.ledger.lost_sales().collect()
    }
}
