//! A client that is ready to call.

use ait_core::{Builder, Client, Error, Host, Identity, Trust};

use crate::{Emulator, api};

impl Emulator {
    /// A client that trusts this emulator, shows a valid certificate, and finds each host here. For a test: build
    /// products on it.
    ///
    /// # Errors
    ///
    /// Those of building a client, which the emulator's own certificates do not cause.
    pub fn client(&self) -> Result<Client, Error> {
        self.client_builder()?.build()
    }

    /// The same, to be changed before it is built.
    ///
    /// # Errors
    ///
    /// As [`client`](Self::client).
    pub fn client_builder(&self) -> Result<Builder, Error> {
        let credentials = self.credentials();
        let client = &credentials.client;
        Ok(Client::builder()
            .identity(Identity::from_pem(&client.certificate_pem, &client.key_pem)?)
            .trust(Trust::pem(&credentials.ca_pem)?)
            .no_proxy()
            .base_url(self.url())
            .host_url(Host::new(api::Host::BrandPay.name()), self.brandpay_url()))
    }
}
