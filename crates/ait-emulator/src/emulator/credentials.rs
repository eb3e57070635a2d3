//! The certificates of a run.

use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{Authority, Issued, Leaf, api::Host, net::put_back};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The mini-app of whoever names none.
const MY_APP: &str = "my-app";

/// The certificates of a run. The keys are made here and now; none is shared with anybody else's emulator.
#[derive(Debug)]
#[non_exhaustive]
pub struct Credentials {
    /// The authority to trust, in PEM form.
    pub ca_pem: String,
    /// For a client: valid.
    pub client: Issued,
    /// For a client: expired yesterday.
    pub expired: Issued,
    /// For a client: valid, from an authority that the emulator does not know.
    pub foreign: Issued,
    pub(super) authority: Authority,
}

impl Credentials {
    pub(super) fn new(app: Option<&str>) -> io::Result<Self> {
        let authority = Authority::new("ait-emulator CA")?;
        Self::from_authority(authority, app.unwrap_or(MY_APP), None)
    }

    /// Those in the folder, made if there are none. The client's is made anew for another app, and when it is about to
    /// expire; the expired and the foreign ones each time.
    pub(super) fn kept(folder: &Path, app: Option<&str>) -> io::Result<Self> {
        let authority = match Authority::load(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                is_whole_or_not_there(folder)?;
                let authority = Authority::new("ait-emulator CA")?;
                authority.save(folder)?;
                // A client's certificate that is there is another authority's.
                return Self::from_authority(authority, app.unwrap_or(MY_APP), None);
            }
            found => found?,
        };
        let client = match Issued::load(folder, "client") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Self::from_authority(authority, app.unwrap_or(MY_APP), None);
            }
            found => found?,
        };
        let Some((name, not_after)) = client.facts() else {
            let message = format!(
                "{}: the certificate cannot be read; remove client.crt and client.key to have new ones made",
                folder.join("client.crt").display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        };
        if !authority.has_issued(&client)? {
            let remedy = put_back("client");
            let message = format!("{}: client.crt was not issued by ca.crt; {remedy}", folder.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let app = app.unwrap_or(&name);
        let renew_from = SystemTime::now() + DAY * 30;
        let is_good = app == name && seconds(renew_from) < not_after;
        Self::from_authority(authority, app, is_good.then_some(client))
    }

    fn from_authority(authority: Authority, app: &str, client: Option<Issued>) -> io::Result<Self> {
        let now = SystemTime::now();
        let expired = Leaf::client(app).valid(now - DAY * 30, now - DAY);
        Ok(Self {
            ca_pem: authority.pem().to_owned(),
            client: client.map_or_else(|| authority.issue(&Leaf::client(app)), Ok)?,
            expired: authority.issue(&expired)?,
            foreign: Authority::new("Somebody else's CA")?.issue(&Leaf::client(app))?,
            authority,
        })
    }

    /// A certificate for the listeners, for the names of this machine and those of the real hosts.
    pub(super) fn server(&self, expired: bool) -> io::Result<Issued> {
        let mut leaf = Leaf::server(&[
            "localhost",
            "127.0.0.1",
            "::1",
            "host.docker.internal",
            Host::Main.name(),
            Host::Pay.name(),
            Host::BrandPay.name(),
        ]);
        if expired {
            let now = SystemTime::now();
            leaf = leaf.valid(now - DAY * 30, now - DAY);
        }
        self.authority.issue(&leaf)
    }
}

/// An error if there is half of an authority.
fn is_whole_or_not_there(folder: &Path) -> io::Result<()> {
    for (left, gone) in [("ca.crt", "ca.key"), ("ca.key", "ca.crt")] {
        if folder.join(left).exists() && !folder.join(gone).exists() {
            let message = format!(
                "{}: {left} is there without {gone}; put that back, or remove {left} to have a new authority made",
                folder.display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
    }
    Ok(())
}

fn seconds(moment: SystemTime) -> i64 {
    let since = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Where the certificates lie. A folder that was made for the run is removed with it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Files {
    /// The folder.
    pub folder: PathBuf,
    /// The authority to trust.
    pub ca: PathBuf,
    /// The client's certificate.
    pub certificate: PathBuf,
    /// The client's key.
    pub key: PathBuf,
    temporary: Option<tempfile::TempDir>,
}

impl Files {
    pub(super) fn write(credentials: &Credentials, folder: Option<&Path>) -> io::Result<Self> {
        let temporary = match folder {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("ait-emulator-").tempdir()?),
        };
        let folder = match (&temporary, folder) {
            (Some(temporary), _) => temporary.path().to_path_buf(),
            (None, Some(folder)) => folder.to_path_buf(),
            (None, None) => PathBuf::new(),
        };
        if temporary.is_some() {
            credentials.authority.save(&folder)?;
        }
        credentials.client.save(&folder, "client")?;
        credentials.expired.save(&folder, "expired-client")?;
        credentials.foreign.save(&folder, "foreign-client")?;
        let at = |name: &str| folder.join(name);
        Ok(Self { ca: at("ca.crt"), certificate: at("client.crt"), key: at("client.key"), folder, temporary })
    }

    /// Whether the folder goes when the run ends.
    #[must_use]
    pub fn are_temporary(&self) -> bool {
        self.temporary.is_some()
    }
}
