//! The addresses of a host name.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

type Found = Result<Arc<[IpAddr]>, Arc<io::Error>>;
type Pending = Mutex<HashMap<String, watch::Receiver<Option<Found>>>>;

/// Asks the operating system, each name once at a time however many calls wait for it.
///
/// The system's own function cannot be interrupted and may take half a minute. It runs on a thread that nobody waits for:
/// a runtime waits for its blocking tasks when it ends, and would be held up by a question that no call needs any more.
#[derive(Clone, Default)]
pub(super) struct Names {
    pending: Arc<Pending>,
    given: Arc<[(String, Vec<IpAddr>)]>,
}

impl Names {
    /// `given` are not asked for.
    pub(super) fn new(given: &[(String, Vec<IpAddr>)]) -> Self {
        Self { pending: Arc::default(), given: given.into() }
    }

    pub(super) async fn addresses(&self, host: &str) -> Result<Arc<[IpAddr]>, Arc<io::Error>> {
        if let Some((_, addresses)) = self.given.iter().find(|(name, _)| name.eq_ignore_ascii_case(host)) {
            return Ok(addresses.as_slice().into());
        }
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok([address].into());
        }
        let mut answer = self.ask(host)?;
        match answer.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(found)) => found.clone(),
            _ => Err(Arc::new(io::Error::other("the look-up of its address was cut off"))),
        }
    }

    fn ask(&self, host: &str) -> Result<watch::Receiver<Option<Found>>, Arc<io::Error>> {
        let mut pending = lock(&self.pending);
        if let Some(answer) = pending.get(host) {
            return Ok(answer.clone());
        }
        let (sender, answer) = watch::channel(None);
        let (all, name) = (Arc::clone(&self.pending), host.to_owned());
        let thread = std::thread::Builder::new().name("ait-names".to_owned()).spawn(move || {
            // The port is not looked up.
            let found = (name.as_str(), 0).to_socket_addrs();
            let found = found.map(|found| found.map(|address| address.ip()).collect()).map_err(Arc::new);
            lock(&all).remove(&name);
            sender.send_replace(Some(found));
        });
        thread.map_err(Arc::new)?;
        pending.insert(host.to_owned(), answer.clone());
        Ok(answer)
    }
}

fn lock(pending: &Pending) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<Found>>>> {
    pending.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert!(names.pending.lock().unwrap().is_empty());
    }
}
