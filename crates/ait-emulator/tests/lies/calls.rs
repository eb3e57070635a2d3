//! One call of each endpoint, and what has to have happened before it.

use ait_core::{AnonymousKey, IdempotencyKey, Krw, Mode, Schedule, Ticket, User};
use ait_emulator::api::messenger::Template;
use ait_iap::{Iap, OrderId, OrderStatus};
use ait_login::{
    GenerateToken, Login, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey, Token,
    VerifyAnonymousKey,
};
use ait_messenger::{
    DeploymentId, Messenger, Recipient, SendBulkMessages, SendMessage, SendTestMessage, TemplateSetCode,
};
use ait_promotion::{ExecutePromotion, ExecutionResult, GetKey, Promotion, PromotionCode, PromotionKey};
use ait_tosspay::{ExecutePayment, MakePayment, OrderNo, PayToken, PaymentStatus, RefundPayment, TossPay};
use brandpay::{
    AgreeTerms, AllCardPromotions, AllPromotions, AutomaticPayment, BankPromotions, BrandPay, Cancel,
    CardPromotions, Confirm, CustomerKey, IssueAccessToken, MethodsByCustomer, MethodsByToken, Payment,
    PaymentByKey, PaymentByOrder, PaymentKey, RemoveAccount, RemoveCard, RemoveCustomer, Scope, Terms,
};

use super::stage::{Report, Settled, Stage};

const USER: u64 = 443_731_104;

fn user() -> User {
    User::key(USER)
}

pub(crate) async fn call(stage: &Stage, endpoint: &str) -> Report {
    match endpoint.split_once('.').unwrap() {
        ("login", name) => login(stage, name).await,
        ("promotion", name) => promotion(stage, name).await,
        ("tosspay", name) => tosspay(stage, name).await,
        ("messenger", name) => messenger(stage, name).await,
        ("brandpay", name) => brandpay(stage, name).await,
        ("iap", "order_status") => {
            let iap = Iap::new(stage.client.clone());
            stage.judge(iap.order_status(OrderStatus::new(OrderId::new("o-1").unwrap()))).await
        }
        _ => panic!("no call of {endpoint}"),
    }
}

async fn login(stage: &Stage, name: &str) -> Report {
    let login = Login::new(stage.client.clone());
    let token = async || -> Token {
        login.generate_token(GenerateToken::new(format!("emu-{USER}-before"), "DEFAULT")).await.unwrap()
    };
    match name {
        "generate_token" => {
            stage.judge(login.generate_token(GenerateToken::new(format!("emu-{USER}-1"), "DEFAULT"))).await
        }
        "refresh_token" => {
            let refresh_token = token().await.refresh_token.unwrap();
            stage.judge(login.refresh_token(RefreshToken::new(refresh_token))).await
        }
        "login_me" => {
            let access_token = token().await.access_token;
            stage.judge(login.login_me(LoginMe::new(access_token))).await
        }
        "remove_by_access_token" => {
            let access_token = token().await.access_token;
            stage.judge(login.remove_by_access_token(RemoveByAccessToken::new(access_token))).await
        }
        "remove_by_user_key" => {
            token().await;
            stage.judge(login.remove_by_user_key(RemoveByUserKey::new(USER))).await
        }
        "verify_anonymous_key" => {
            let key = stage.emulator.world(|core, _, rng| core.world.user(USER, rng).anonymous_key.clone());
            stage
                .judge(login.verify_anonymous_key(VerifyAnonymousKey::new(AnonymousKey::new(key).unwrap())))
                .await
        }
        _ => panic!("no call of login.{name}"),
    }
}

async fn promotion(stage: &Stage, name: &str) -> Report {
    let promotion = Promotion::new(stage.client.clone());
    let code = || PromotionCode::new("01JPPJ6SB66BQXXDAKRQZ6SZD7").unwrap();
    let execute = |key: PromotionKey| ExecutePromotion::new(user(), code(), key, Krw::new(10)).unwrap();
    let key = async || promotion.get_key(GetKey::new(user())).await.unwrap().key;
    match name {
        "get_key" => stage.judge(promotion.get_key(GetKey::new(user()))).await,
        "execute_promotion" => {
            let request = execute(key().await);
            let settle = async |ticket: &Ticket| -> Option<Settled> {
                Some(promotion.resolve(ticket, &Schedule::once()).await.unwrap().into())
            };
            stage.judge_and_settle(promotion.execute_promotion(request), settle).await
        }
        "execution_result" => {
            let key = key().await;
            promotion.execute_promotion(execute(key.clone())).await.unwrap();
            stage.judge(promotion.execution_result(ExecutionResult::new(user(), code(), key))).await
        }
        _ => panic!("no call of promotion.{name}"),
    }
}

async fn tosspay(stage: &Stage, name: &str) -> Report {
    let shop = TossPay::new(stage.client.clone());
    let order = || OrderNo::new("order-1").unwrap();
    let make = || MakePayment::new(user(), order(), "커피", Krw::new(4_500), Mode::Sandbox).unwrap();
    let execute = |token: PayToken| ExecutePayment::new(user(), token, Mode::Sandbox).order_no(order());
    let made = async || shop.make_payment(make()).await.unwrap().pay_token;
    let paid = async || {
        let token = made().await;
        shop.execute_payment(execute(token.clone())).await.unwrap();
        token
    };
    let settle = async |ticket: &Ticket| -> Option<Settled> {
        Some(shop.resolve(ticket, &Schedule::once()).await.unwrap().into())
    };
    match name {
        "make_payment" => stage.judge_and_settle(shop.make_payment(make()), settle).await,
        "execute_payment" => {
            let token = made().await;
            stage.judge_and_settle(shop.execute_payment(execute(token)), settle).await
        }
        "refund_payment" => {
            let refund = RefundPayment::new(user(), paid().await, "단순변심", Mode::Sandbox).unwrap();
            stage.judge_and_settle(shop.refund_payment(refund), settle).await
        }
        "payment_status" => {
            let question = PaymentStatus::by_pay_token(user(), paid().await, Mode::Sandbox);
            stage.judge(shop.payment_status(question)).await
        }
        _ => panic!("no call of tosspay.{name}"),
    }
}

async fn messenger(stage: &Stage, name: &str) -> Report {
    let messenger = Messenger::new(stage.client.clone());
    stage
        .emulator
        .world(|core, _, _| core.world.messenger.templates.insert("t-1".to_owned(), Template::default()));
    let template = TemplateSetCode::new("t-1").unwrap();
    match name {
        "send_message" => stage.judge(messenger.send_message(SendMessage::new(user(), template))).await,
        "send_test_message" => {
            let deployment = DeploymentId::new("3d813cbb-47fb-32ba-91df-831e1593ac29").unwrap();
            stage.judge(messenger.send_test_message(SendTestMessage::new(user(), template, deployment))).await
        }
        "send_bulk_messages" => {
            let request =
                SendBulkMessages::new(template, [Recipient::new(user()), Recipient::new(User::key(7))]);
            stage.judge(messenger.send_bulk_messages(request.unwrap())).await
        }
        _ => panic!("no call of messenger.{name}"),
    }
}

async fn brandpay(stage: &Stage, name: &str) -> Report {
    let secret_key =
        stage.emulator.world(|core, _, _| core.world.brandpay.secret_keys.keys().next().cloned());
    let pay = BrandPay::new(stage.client.clone(), secret_key.unwrap());
    let customer = || CustomerKey::new("customer-1").unwrap();
    let key = |name: &str| IdempotencyKey::new(name).unwrap();
    let agree = || AgreeTerms::new(key("agree"), customer(), [Scope::Register, Scope::Card]).unwrap();
    let with_code = async || {
        let code = pay.agree_terms(agree()).await.unwrap().code;
        IssueAccessToken::with_code(key("token"), customer(), code)
    };
    let token = async || pay.issue_access_token(with_code().await).await.unwrap().access_token;
    let methods = async || {
        token().await;
        pay.methods_by_customer(MethodsByCustomer::new(customer())).await.unwrap()
    };
    let order = || brandpay::OrderId::new("order-1").unwrap();
    let confirm = || {
        let payment_key = PaymentKey::new("emu-1").unwrap();
        Confirm::new(key("confirm"), payment_key, order(), Krw::new(10_000), customer())
    };
    let paid = async || -> Payment { pay.confirm(confirm()).await.unwrap() };
    let settle = async |ticket: &Ticket| -> Option<Settled> {
        Some(pay.resolve(ticket, &Schedule::once()).await.unwrap().into())
    };
    match name {
        "terms" => stage.judge(pay.terms(Terms::new(customer(), [Scope::Register]).unwrap())).await,
        "agree_terms" => stage.judge(pay.agree_terms(agree())).await,
        "issue_access_token" => {
            let request = with_code().await;
            stage.judge(pay.issue_access_token(request)).await
        }
        "methods_by_token" => {
            let token = token().await;
            stage.judge(pay.methods_by_token(MethodsByToken::new(token))).await
        }
        "methods_by_customer" => {
            token().await;
            stage.judge(pay.methods_by_customer(MethodsByCustomer::new(customer()))).await
        }
        "remove_card" => {
            let card = methods().await.cards[0].method_key.clone();
            stage.judge(pay.remove_card(RemoveCard::new(key("remove"), token().await, card))).await
        }
        "remove_account" => {
            let account = methods().await.accounts[0].method_key.clone();
            stage.judge(pay.remove_account(RemoveAccount::new(key("remove"), token().await, account))).await
        }
        "confirm" => stage.judge_and_settle(pay.confirm(confirm()), settle).await,
        "automatic_payment" => {
            let card = methods().await.cards[0].method_key.clone();
            let request =
                AutomaticPayment::new(key("charge"), customer(), card, order(), "커피", Krw::new(10_000))
                    .unwrap();
            stage.judge_and_settle(pay.automatic_payment(request), settle).await
        }
        "remove_customer" => {
            let token = token().await;
            stage.judge(pay.remove_customer(RemoveCustomer::new(key("remove"), token))).await
        }
        "card_promotions" => stage.judge(pay.card_promotions(CardPromotions::new())).await,
        "bank_promotions" => stage.judge(pay.bank_promotions(BankPromotions::new())).await,
        "all_promotions" => stage.judge(pay.all_promotions(AllPromotions::new())).await,
        "all_card_promotions" => stage.judge(pay.all_card_promotions(AllCardPromotions::new())).await,
        "cancel" => {
            let request =
                Cancel::part(key("cancel"), paid().await.payment_key, Krw::new(3_000), "변심").unwrap();
            stage.judge_and_settle(pay.cancel(request.refundable(Krw::new(10_000))), settle).await
        }
        "payment_by_key" => {
            let payment_key = paid().await.payment_key;
            stage.judge(pay.payment_by_key(PaymentByKey::new(payment_key))).await
        }
        "payment_by_order" => {
            paid().await;
            stage.judge(pay.payment_by_order(PaymentByOrder::new(order()))).await
        }
        _ => panic!("no call of brandpay.{name}"),
    }
}
