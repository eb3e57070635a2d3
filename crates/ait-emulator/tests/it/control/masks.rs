//! Secrets stay out of what people look at.

use ait_emulator::{Emulator, api::User};
use ait_login::{GenerateToken, Login, LoginMe, RefreshToken, RemoveByUserKey};
use ait_tosspay::{
    ExecutePayment, MakePayment, OrderNo, TossPay,
    ait_core::{IdempotencyKey, Krw, Mode, User as Caller},
};
use brandpay::{AgreeTerms, BrandPay, Confirm, CustomerKey, IssueAccessToken, OrderId, PaymentKey, Scope};
use serde_json::{Value, json};

use super::desk::{Desk, USER};

fn make() -> MakePayment {
    let order = OrderNo::new("order-1").unwrap();
    MakePayment::new(Caller::key(USER), order, "coffee", Krw::new(4_500), Mode::Sandbox).unwrap()
}

/// Makes a payment, and says whether the answer was lost.
pub(super) async fn lost(desk: &Desk) -> bool {
    TossPay::new(desk.emulator.client().unwrap()).make_payment(make()).await.is_err()
}

/// Does something of everything, and tells the secrets that were used or made.
async fn a_day(desk: &Desk) -> Vec<(&'static str, String)> {
    let mut secrets = desk.emulator.environment();
    secrets.retain(|(name, _)| {
        ["BRANDPAY_SECRET_KEY", "AIT_DECRYPTION_KEY", "AIT_DECRYPTION_AAD"].contains(name)
    });
    let person = json!({"name": "카나리아", "phone": "01099998888", "email": "canary@canary.kr", "birthday": "19770707"});
    desk.get("PUT", &format!("/users/{USER}"), person).await;
    let client = desk.emulator.client().unwrap();

    let login = Login::new(client.clone());
    let code = desk.get("POST", &format!("/users/{USER}/authorize"), Value::Null).await;
    let code = code["authorizationCode"].as_str().unwrap().to_owned();
    let token = login.generate_token(GenerateToken::new(code.clone(), "DEFAULT")).await.unwrap();
    login.login_me(LoginMe::new(token.access_token.clone())).await.unwrap();
    login.refresh_token(RefreshToken::new(token.refresh_token.clone().unwrap())).await.unwrap();
    login.remove_by_user_key(RemoveByUserKey::new(USER)).await.unwrap();
    desk.get("PUT", &format!("/users/{USER}"), json!({"linked": true})).await;

    let shop = TossPay::new(client.clone());
    let made = shop.make_payment(make()).await.unwrap().pay_token;
    shop.execute_payment(ExecutePayment::new(Caller::key(USER), made.clone(), Mode::Sandbox)).await.unwrap();

    let secret = desk.emulator.brandpay_secret_key();
    let pay = BrandPay::new(client, secret);
    let customer = || CustomerKey::new("canary-customer-1").unwrap();
    let key = |name: &str| IdempotencyKey::new(name).unwrap();
    let agree = AgreeTerms::new(key("agree"), customer(), [Scope::Register, Scope::Card]).unwrap();
    let agreed = pay.agree_terms(agree).await.unwrap().code;
    pay.issue_access_token(IssueAccessToken::with_code(key("token"), customer(), agreed)).await.unwrap();
    let order = OrderId::new("order-1").unwrap();
    let payment = PaymentKey::new("emu-canary-payment-1").unwrap();
    pay.confirm(Confirm::new(key("confirm"), payment, order, Krw::new(10_000), customer())).await.unwrap();

    // What was made: all that the state keeps as a secret.
    let world = desk.world();
    let keys_of = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    for (name, value) in [
        ("a code", &world["login"]["codes"]),
        ("an access token", &world["login"]["access_tokens"]),
        ("a refresh token", &world["login"]["refresh_tokens"]),
        ("a pay token", &world["pay"]["payments"]),
        ("a BrandPay key", &world["brandpay"]["secret_keys"]),
        ("a payment key", &world["brandpay"]["payments"]),
        ("a customer", &world["brandpay"]["customers"]),
    ] {
        let keys = keys_of(value);
        assert!(!keys.is_empty(), "{name}");
        secrets.extend(keys.into_iter().map(|key| (name, key)));
    }
    let user: &User = &desk.emulator.world(|core, _, _| core.world.users[&USER].clone());
    let personal =
        [&user.name, &user.phone, &user.email, &user.birthday, &user.ci].map(|it| it.clone().unwrap());
    secrets.extend(personal.map(|text| ("something personal", text)));
    secrets.push(("a user key", USER.to_string()));
    secrets
}

#[tokio::test]
async fn the_calls_the_log_and_debug_show_none_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log");
    let desk = Desk { emulator: Emulator::builder().seed(7).log(&file).start().await.unwrap() };
    let secrets = a_day(&desk).await;
    assert!(secrets.len() > 15, "{}", secrets.len());
    let requests = desk.get("GET", "/requests", Value::Null).await.to_string();
    let log = std::fs::read_to_string(&file).unwrap();
    let debug = desk.emulator.engine(|engine| format!("{engine:?} {:?} {:?}", engine.snapshot(), engine.log));
    let emulator = format!("{:?} {:?}", desk.emulator, desk.emulator.requests());
    for (place, text) in
        [("/requests", requests), ("the log", log), ("Debug", debug), ("Debug of the emulator", emulator)]
    {
        assert!(!text.is_empty());
        for (name, secret) in &secrets {
            assert!(!text.contains(secret.as_str()), "{name}, {secret}, in {place}: {text}");
        }
    }
    let key = &desk.emulator.credentials().client.key_pem;
    assert!(!format!("{:?}", desk.emulator).contains(&key[40..80]));
}
