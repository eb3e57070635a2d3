//! A BrandPay shop: it calls, and is called back.

use brandpay::{
    BrandPay, Cancel, Confirm, CustomerKey, IssueAccessToken, MethodKey, Methods, MethodsByCustomer, OrderId,
    Payment, PaymentKey,
    ait_core::{Error, IdempotencyKey, Krw},
    webhook::{
        CustomerChange, Data, Event, MethodChange, TRANSMISSION_ID, TRANSMISSION_RETRIED_COUNT,
        TRANSMISSION_TIME,
    },
};

use super::shop::{Shop, header, open};
use crate::control::desk::Desk;

pub(crate) const CUSTOMER: &str = "customer-1";

pub(crate) struct Till {
    pub(crate) desk: Desk,
    pub(crate) shop: Shop,
    pub(crate) pay: BrandPay,
}

pub(crate) fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey::new(name).unwrap()
}

pub(crate) fn customer() -> CustomerKey {
    CustomerKey::new(CUSTOMER).unwrap()
}

pub(crate) fn order(name: &str) -> OrderId {
    OrderId::new(name).unwrap()
}

pub(crate) fn confirm(payment: &str, of: &str) -> Confirm {
    Confirm::new(
        key(&format!("confirm-{of}")),
        PaymentKey::new(payment).unwrap(),
        order(of),
        Krw::new(10_000),
        customer(),
    )
}

/// The id of a transmission, when it was, and how often before.
pub(crate) fn transmission(request: &ait_emulator::Request) -> (String, String, String) {
    let told = |name| header(request, name).unwrap_or_else(|| panic!("no {name}")).to_owned();
    (told(TRANSMISSION_ID), told(TRANSMISSION_TIME), told(TRANSMISSION_RETRIED_COUNT))
}

impl Till {
    pub(crate) async fn open() -> Self {
        let (emulator, shop) = open(&["brandpay"]).await;
        let pay = BrandPay::new(emulator.client().unwrap(), emulator.brandpay_secret_key());
        Self { desk: Desk { emulator }, shop, pay }
    }

    /// One whose customer is there already, and was told of.
    pub(crate) async fn with_customer() -> Self {
        let mut till = Self::open().await;
        till.desk.emulator.world(|core, now, rng| {
            core.world.brandpay.customer(CUSTOMER, now, rng);
        });
        till.passes(3).await;
        till
    }

    /// So many webhooks that do not matter.
    pub(crate) async fn passes(&mut self, count: usize) {
        for _ in 0..count {
            self.shop.next().await;
        }
        assert_eq!(self.shop.rest(), 0);
    }

    pub(crate) async fn event(&mut self) -> (String, Event) {
        let heard = self.shop.next().await;
        assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", "/brandpay"));
        assert_eq!(header(&heard, "content-type"), Some("application/json"));
        assert_eq!(transmission(&heard).2, "0");
        let event = Event::parse(&heard.body).unwrap();
        assert!(event.event_type.as_ref().unwrap().is_known());
        (String::from_utf8(heard.body.to_vec()).unwrap(), event)
    }

    /// What became of a method or a customer: who, which, and the word.
    pub(crate) async fn change(&mut self) -> (String, String, String) {
        let (_, event) = self.event().await;
        let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
        match event.data {
            Data::MethodUpdated(method) => (
                method.customer_key.expose().to_owned(),
                word(method.method_key.as_ref().map(MethodKey::expose)),
                word(method.status.as_ref().map(MethodChange::as_str)),
            ),
            Data::CustomerStatusChanged(change) => (
                change.customer_key.expose().to_owned(),
                String::new(),
                word(change.status.as_ref().map(CustomerChange::as_str)),
            ),
            data => panic!("{data:?}"),
        }
    }

    pub(crate) async fn payment(&mut self) -> Payment {
        match self.event().await.1.data {
            Data::PaymentStatusChanged(payment) => *payment,
            data => panic!("{data:?}"),
        }
    }

    pub(crate) async fn confirm(&self, payment: &str, of: &str) -> Result<Payment, Error> {
        self.pay.confirm(confirm(payment, of)).await
    }

    pub(crate) async fn cancel(&self, payment: &Payment, amount: Option<i64>) -> Payment {
        let paid = payment.payment_key.clone();
        let name = key(&format!("cancel-{amount:?}"));
        let cancel = match amount {
            Some(amount) => Cancel::part(name, paid, Krw::new(amount), "변심"),
            None => Cancel::rest(name, paid, "변심"),
        };
        self.pay.cancel(cancel.unwrap()).await.unwrap()
    }

    pub(crate) async fn token(&self) -> String {
        let request = IssueAccessToken::with_code(key("token"), customer(), "emu-code");
        self.pay.issue_access_token(request).await.unwrap().access_token.expose().to_owned()
    }

    pub(crate) async fn methods(&self) -> Methods {
        self.pay.methods_by_customer(MethodsByCustomer::new(customer())).await.unwrap()
    }

    pub(crate) fn outbox(&self) -> usize {
        self.desk.emulator.outbox().len()
    }
}
