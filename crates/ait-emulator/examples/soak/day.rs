//! What a shopper does: a bit of everything.

use std::time::Duration;

use ait_core::{Client, Error, Krw, Mode, RetryPolicy, User};
use ait_iap::{Iap, OrderStatus};
use ait_login::{GenerateToken, Login, LoginMe};
use ait_messenger::{Messenger, SendMessage, TemplateSetCode};
use ait_promotion::{ExecutePromotion, ExecutionResult, GetKey, Promotion, PromotionCode};
use ait_tosspay::{ExecutePayment, MakePayment, OrderNo, PaymentStatus, RefundPayment, TossPay};
use brandpay::{BrandPay, Cancel, Confirm, CustomerKey, OrderId, PaymentByOrder, PaymentKey, idempotency};

use crate::tally::Tally;

const PROMOTION: &str = "01JPPJ6SB66BQXXDAKRQZ6SZD7";
const DEADLINE: Duration = Duration::from_secs(10);
const MODE: Mode = Mode::Sandbox;

pub(crate) struct Day {
    login: Login,
    promotion: Promotion,
    pay: TossPay,
    iap: Iap,
    messenger: Messenger,
    brandpay: BrandPay,
}

impl Day {
    pub(crate) fn new(client: Client, secret_key: String) -> Self {
        Self {
            login: Login::new(client.clone()),
            promotion: Promotion::new(client.clone()),
            pay: TossPay::new(client.clone()),
            iap: Iap::new(client.clone()),
            messenger: Messenger::new(client.clone()),
            brandpay: BrandPay::new(client, secret_key),
        }
    }

    /// One of the things, by number. What a call says is counted, right or wrong; a step that failed ends the thing.
    pub(crate) async fn shop(&self, number: u64, tally: &mut Tally) {
        // An input that breaks a rule would be a mistake of this program.
        let _: Result<(), Error> = match number % 5 {
            0 => self.log_in(number, tally).await,
            1 => self.get_points(number, tally).await,
            2 => self.buy(number, tally).await,
            3 => self.look_around(number, tally).await,
            _ => self.buy_with_brandpay(number, tally).await,
        };
    }

    async fn log_in(&self, number: u64, tally: &mut Tally) -> Result<(), Error> {
        let request = GenerateToken::new(format!("emu-{number}"), "DEFAULT");
        let token = self.login.generate_token(request).deadline(DEADLINE).await;
        tally.count(&token);
        let profile = self.login.login_me(LoginMe::new(token?.access_token)).deadline(DEADLINE).await;
        tally.count(&profile);
        profile.map(drop)
    }

    async fn get_points(&self, number: u64, tally: &mut Tally) -> Result<(), Error> {
        let (user, code) = (User::key(number), PromotionCode::new(PROMOTION)?);
        let key = self.promotion.get_key(GetKey::new(user.clone())).deadline(DEADLINE).await;
        tally.count(&key);
        let key = key?.key;
        let request = ExecutePromotion::new(user.clone(), code.clone(), key.clone(), Krw::new(1))?;
        let accepted = self.promotion.execute_promotion(request).deadline(DEADLINE).await;
        tally.claim(format!("grant {}", key.expose()), &accepted);
        let result =
            self.promotion.execution_result(ExecutionResult::new(user, code, key)).deadline(DEADLINE).await;
        tally.count(&result);
        result.map(drop)
    }

    async fn buy(&self, number: u64, tally: &mut Tally) -> Result<(), Error> {
        let (user, order) = (User::key(number), OrderNo::new(format!("soak-{number}"))?);
        let request = MakePayment::new(user.clone(), order.clone(), "커피", Krw::new(4_500), MODE)?;
        let made = self.pay.make_payment(request).deadline(DEADLINE).await;
        tally.count(&made);
        let token = made?.pay_token;
        let request = ExecutePayment::new(user.clone(), token.clone(), MODE).order_no(order.clone());
        let paid = self.pay.execute_payment(request).deadline(DEADLINE).await;
        tally.claim(format!("payment {}", order.as_str()), &paid);
        let request = PaymentStatus::by_pay_token(user.clone(), token.clone(), MODE);
        tally.count(&self.pay.payment_status(request).deadline(DEADLINE).await);
        let request = RefundPayment::new(user, token.clone(), "단순변심", MODE)?;
        let refunded = self.pay.refund_payment(request).deadline(DEADLINE).await;
        tally.claim(format!("refund {}", token.expose()), &refunded);
        refunded.map(drop)
    }

    async fn look_around(&self, number: u64, tally: &mut Tally) -> Result<(), Error> {
        let request = OrderStatus::new(ait_iap::OrderId::new(format!("order-{number}"))?);
        tally.count(&self.iap.order_status(request).deadline(DEADLINE).await);
        let request = SendMessage::new(User::key(number), TemplateSetCode::new("soak")?);
        let sent = self.messenger.send_message(request).deadline(DEADLINE).await;
        tally.count(&sent);
        sent.map(drop)
    }

    async fn buy_with_brandpay(&self, number: u64, tally: &mut Tally) -> Result<(), Error> {
        let order = OrderId::new(format!("soak-{number}"))?;
        let (payment_key, customer) = (
            PaymentKey::new(format!("emu-{number}"))?,
            CustomerKey::new(format!("customer-{}", number % 100))?,
        );
        let key = idempotency::derived("confirm", &order, Krw::new(10_000))?;
        let request = Confirm::new(key, payment_key.clone(), order.clone(), Krw::new(10_000), customer);
        let paid = self.brandpay.confirm(request).retry(RetryPolicy::default()).deadline(DEADLINE).await;
        tally.claim(format!("brandpay_payment {}", order.as_str()), &paid);
        let key = idempotency::derived("cancel", &order, Krw::new(10_000))?;
        let request = Cancel::rest(key, payment_key.clone(), "변심")?;
        let canceled = self.brandpay.cancel(request).deadline(DEADLINE).await;
        tally.claim(format!("brandpay_cancel {}", payment_key.as_str()), &canceled);
        let found = self.brandpay.payment_by_order(PaymentByOrder::new(order)).deadline(DEADLINE).await;
        tally.count(&found);
        found.map(drop)
    }
}
