//! The calls, as methods.

use ait_core::{Call, Client, Secret};

use crate::{
    AgreeTerms, AllCardPromotions, AllPromotions, AutomaticPayment, BankPromotions, Cancel, CardPromotions,
    Confirm, IssueAccessToken, MethodsByCustomer, MethodsByToken, PaymentByKey, PaymentByOrder,
    RemoveAccount, RemoveCard, RemoveCustomer, Terms,
};

/// Toss Payments BrandPay, for one secret key. Cheap to clone. `Debug` does not show the key.
///
/// Each method describes a call; awaiting it makes it. The documentation of each request says what to do when the
/// outcome of its call is unknown.
#[derive(Clone, Debug)]
pub struct BrandPay {
    client: Client,
    secret_key: Secret,
}

impl BrandPay {
    /// BrandPay over this client, which needs no identity, with the secret key of the shop: the one that belongs to the
    /// client key in the browser. A byte order mark and line ends are cut off. A key that is empty, in quotes, a client key
    /// or a whole `Basic …` header fails each call before anything is sent.
    #[must_use]
    pub fn new(client: Client, secret_key: impl Into<Secret>) -> Self {
        Self { client, secret_key: secret_key.into() }
    }

    /// Which terms a customer has to agree to. See [`Terms`].
    pub fn terms(&self, request: Terms) -> Call<'_, Terms> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Agrees to terms. See [`AgreeTerms`].
    pub fn agree_terms(&self, request: AgreeTerms) -> Call<'_, AgreeTerms> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Issues or renews an access token. See [`IssueAccessToken`].
    pub fn issue_access_token(&self, request: IssueAccessToken) -> Call<'_, IssueAccessToken> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// The methods of the customer to whom a token belongs. See [`MethodsByToken`].
    pub fn methods_by_token(&self, request: MethodsByToken) -> Call<'_, MethodsByToken> {
        self.client.call(request)
    }

    /// The methods of a customer. See [`MethodsByCustomer`].
    pub fn methods_by_customer(&self, request: MethodsByCustomer) -> Call<'_, MethodsByCustomer> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Removes a card. See [`RemoveCard`].
    pub fn remove_card(&self, request: RemoveCard) -> Call<'_, RemoveCard> {
        self.client.call(request)
    }

    /// Removes a bank account. See [`RemoveAccount`].
    pub fn remove_account(&self, request: RemoveAccount) -> Call<'_, RemoveAccount> {
        self.client.call(request)
    }

    /// Takes the money of an authenticated payment. See [`Confirm`].
    pub fn confirm(&self, request: Confirm) -> Call<'_, Confirm> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Charges a registered method. See [`AutomaticPayment`].
    pub fn automatic_payment(&self, request: AutomaticPayment) -> Call<'_, AutomaticPayment> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Removes a customer. See [`RemoveCustomer`].
    pub fn remove_customer(&self, request: RemoveCustomer) -> Call<'_, RemoveCustomer> {
        self.client.call(request)
    }

    /// The promotions of card companies for BrandPay. See [`CardPromotions`].
    pub fn card_promotions(&self, request: CardPromotions) -> Call<'_, CardPromotions> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// The promotions of banks for BrandPay. See [`BankPromotions`].
    pub fn bank_promotions(&self, request: BankPromotions) -> Call<'_, BankPromotions> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// Gives money back. See [`Cancel`].
    pub fn cancel(&self, request: Cancel) -> Call<'_, Cancel> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// A payment, by its key. See [`PaymentByKey`].
    pub fn payment_by_key(&self, request: PaymentByKey) -> Call<'_, PaymentByKey> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// A payment, by its order number. See [`PaymentByOrder`].
    pub fn payment_by_order(&self, request: PaymentByOrder) -> Call<'_, PaymentByOrder> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// The promotions for payments of every kind. See [`AllPromotions`].
    pub fn all_promotions(&self, request: AllPromotions) -> Call<'_, AllPromotions> {
        self.client.call(request).secret_key(&self.secret_key)
    }

    /// The promotions of card companies for payments of every kind. See [`AllCardPromotions`].
    pub fn all_card_promotions(&self, request: AllCardPromotions) -> Call<'_, AllCardPromotions> {
        self.client.call(request).secret_key(&self.secret_key)
    }
}
