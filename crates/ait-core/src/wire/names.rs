//! The addresses of a host name.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::watch;

type Found = Result<Arc<[IpAddr]>, Arc<io::Error>>;
type Answer = watch::Receiver<Option<Found>>;
type Lookups = Mutex<HashMap<String, Lookup>>;

/// How long an answer is used again, so that calls in a row ask once.
const FRESH: Duration = Duration::from_secs(1);

enum Lookup {
    Asked(Answer),
    Found(Instant, Arc<[IpAddr]>),
}

/// Asks the operating system, each name once at a time however many calls wait for it, and once a second at most.
///
/// The system's own function cannot be interrupted and may take half a minute. It runs on a thread that nobody waits for:
/// a runtime waits for its blocking tasks when it ends, and would be held up by a question that no call needs any more.
#[derive(Clone, Default)]
pub(super) struct Names {
    lookups: Arc<Lookups>,
    given: Arc<[(String, Vec<IpAddr>)]>,
}

impl Names {
    /// `given` are not asked for.
    pub(super) fn new(given: &[(String, Vec<IpAddr>)]) -> Self {
        Self { lookups: Arc::default(), given: given.into() }
    }

    pub(super) async fn addresses(&self, host: &str) -> Result<Arc<[IpAddr]>, Arc<io::Error>> {
        if let Some((_, addresses)) = self.given.iter().find(|(name, _)| name.eq_ignore_ascii_case(host)) {
            return Ok(addresses.as_slice().into());
        }
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok([address].into());
        }
        let mut answer = match self.ask(host)? {
            Lookup::Found(_, addresses) => return Ok(addresses),
            Lookup::Asked(answer) => answer,
        };
        match answer.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(found)) => found.clone(),
            _ => Err(Arc::new(io::Error::other("the look-up of its address was cut off"))),
        }
    }

    fn ask(&self, host: &str) -> Result<Lookup, Arc<io::Error>> {
        let mut lookups = lock(&self.lookups);
        match lookups.get(host) {
            Some(Lookup::Asked(answer)) => return Ok(Lookup::Asked(answer.clone())),
            Some(Lookup::Found(at, addresses)) if at.elapsed() < FRESH => {
                return Ok(Lookup::Found(*at, Arc::clone(addresses)));
            }
            _ => {}
        }
        let (sender, answer) = watch::channel(None);
        let (all, name) = (Arc::clone(&self.lookups), host.to_owned());
        let thread = std::thread::Builder::new().name("ait-names".to_owned()).spawn(move || {
            // The port is not looked up.
            let found = (name.as_str(), 0).to_socket_addrs();
            let found: Found =
                found.map(|found| found.map(|address| address.ip()).collect()).map_err(Arc::new);
            let mut lookups = lock(&all);
            match &found {
                Ok(addresses) => lookups.insert(name, Lookup::Found(Instant::now(), Arc::clone(addresses))),
                Err(_) => lookups.remove(&name),
            };
            drop(lookups);
            sender.send_replace(Some(found));
        });
        thread.map_err(Arc::new)?;
        lookups.insert(host.to_owned(), Lookup::Asked(answer.clone()));
        Ok(Lookup::Asked(answer))
    }
}

fn lock(lookups: &Lookups) -> MutexGuard<'_, HashMap<String, Lookup>> {
    lookups.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::Names;

    #[tokio::test]
    async fn addresses_are_given_written_or_asked_for() {
        let given: IpAddr = "127.0.0.9".parse().unwrap();
        let names = Names::new(&[("api.test".to_owned(), vec![given])]);
        assert_eq!(*names.addresses("API.test").await.unwrap(), [given]);
        assert_eq!(*names.addresses("127.0.0.1").await.unwrap(), ["127.0.0.1".parse::<IpAddr>().unwrap()]);
        assert_eq!(*names.addresses("[::1]").await.unwrap(), ["::1".parse::<IpAddr>().unwrap()]);
        let (one, two) = (names.clone(), names.clone());
        let (one, two) =
            (one.addresses("localhost").await.unwrap(), two.addresses("localhost").await.unwrap());
        assert!(one.iter().all(IpAddr::is_loopback) && one == two);
        assert!(names.addresses("no-such-host.invalid").await.is_err());
        assert_eq!(names.lookups.lock().unwrap().len(), 1, "a failure is asked for again");
    }
}
