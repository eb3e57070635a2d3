//! Logins, orders, messages, and a stranger.

use ait_core::{Client, Identity, Resolution, Schedule, Trust};
use ait_emulator::Emulator;
use ait_iap::{Iap, OrderId, OrderStatus};
use ait_login::{Decryptor, GenerateToken, Login, LoginMe, Session};
use ait_messenger::{Messenger, SendMessage, TemplateSetCode};

use crate::{Story, USER, user};

pub(crate) async fn log_in(emulator: &Emulator, client: &Client) -> Story {
    println!("1. A login, and a profile that is encrypted");
    // In the app, appLogin() gives the code and the referrer. Here the emulator lets the user agree.
    let code = emulator.world(|core, now, rng| core.world.login.authorize(USER, "DEFAULT", now, rng));
    let login = Login::new(client.clone());
    let token = login.generate_token(GenerateToken::new(code, "DEFAULT")).await?;
    println!("  token     good for {} s", token.expires_in.unwrap_or_default());

    // Keeps the token fresh; the closure stores the new one.
    let session = Session::new(login.clone(), token, |_token| async { Ok::<_, std::io::Error>(()) });
    let profile = login.login_me(LoginMe::new(session.access_token().await?)).await?;
    let (key, aad) = emulator.world(|core, _, _| {
        let login = &core.world.login;
        (login.decryption_key.clone(), login.aad.clone())
    });
    let person = Decryptor::new(key, aad)?.decrypt_profile(&profile)?;
    println!("  profile   {person:?}");
    println!("  name      {}\n", person.name.as_ref().map_or("not given", |name| name.expose()));
    Ok(())
}

pub(crate) async fn look_an_order_up(client: &Client) -> Story {
    println!("5. An in-app purchase");
    let iap = Iap::new(client.clone());
    let question = OrderStatus::new(OrderId::new("order-7")?);
    match iap.wait_for_order(&question, &Schedule::default()).await? {
        Resolution::Done(order) if order.is_paid() => {
            println!(
                "  order     {} of {} is paid: grant it, once\n",
                order.order_id,
                order.sku.unwrap_or_default()
            );
        }
        undecided => println!("  order     {undecided:?}\n"),
    }
    Ok(())
}

pub(crate) async fn send_a_message(client: &Client) -> Story {
    println!("6. A message");
    let messenger = Messenger::new(client.clone());
    let message =
        SendMessage::new(user(), TemplateSetCode::new("order-ready")?).with("storeName", "예시 상점");
    let result = messenger.send_message(message).await?;
    println!("  accepted  and sent {} times\n", result.sent_count().unwrap_or_default());
    Ok(())
}

pub(crate) async fn come_with_a_foreign_certificate(emulator: &Emulator) -> Story {
    println!("8. A shop with a certificate that Toss did not issue");
    let credentials = emulator.credentials();
    let client = emulator
        .client_builder()?
        .identity(Identity::from_pem(&credentials.foreign.certificate_pem, &credentials.foreign.key_pem)?)
        .trust(Trust::pem(&credentials.ca_pem)?)
        .build()?;
    let code = SendMessage::new(user(), TemplateSetCode::new("order-ready")?);
    let Err(error) = Messenger::new(client).send_message(code).await else {
        return Err("a foreign certificate must not be let in".into());
    };
    println!("  error     {error}");
    println!("  outcome   {:?}, kind {:?}\n", error.outcome(), error.kind());
    Ok(())
}
