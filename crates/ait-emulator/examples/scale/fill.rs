//! A state with so many records of each kind.

use std::fmt::Write as _;

/// The JSON of a state with so many customers, BrandPay payments, Toss Pay payments and grants, and their ledger.
pub(crate) fn state(count: usize) -> String {
    let begin = serde_json::to_value(
        ait_emulator::engine::Engine::new(7, ait_emulator::engine::Clock::manual()).snapshot(),
    )
    .expect("it is JSON");
    let world = &begin["world"];
    let list = |of: &dyn Fn(&mut String, usize)| {
        let mut text = String::new();
        for number in 0..count {
            if number > 0 {
                text.push(',');
            }
            of(&mut text, number);
        }
        text
    };
    let pay = list(&|text, n| {
        let _ = write!(
            text,
            r#""token-{n}":{{"pay_token":"token-{n}","order_no":"o{n}","user":"7","product_desc":"x","amounts":{{"amount":10,"tax_free":0,"taxable":9,"vat":1,"service_fee":0}},"only":null,"cash_receipt":null,"installment":true,"test":true,"status":"PAY_COMPLETE","hold":false,"authenticated":true,"choice":null,"card_authorization_no":null,"cash_receipt_key":null,"made_at":1767193200000,"transactions":[]}}"#
        );
    });
    let orders = list(&|text, n| {
        let _ = write!(text, r#""o{n}":{{"pay_token":"token-{n}","first_used_at":1767193200000}}"#);
    });
    let brandpay = list(&|text, n| {
        let _ = write!(
            text,
            r#""key-{n}":{{"shop":"tosspayments","customer":"customer-{n}","order_id":"order-{n}","order_name":"x","amount":1000,"balance":1000,"status":"DONE","requested_at":1767193200000,"authenticated_at":1767193200000,"approved_at":1767193200000,"slip":{{"transfer":{{"bank_code":"88","culture_expense":false}}}},"transaction_key":"t{n}","secret":"s{n}","partial_cancelable":true}}"#
        );
    });
    let customers = list(&|text, n| {
        let _ = write!(
            text,
            r#""customer-{n}":{{"cards":[{{"id":"m{n}","method_key":"m-{n}","name":"x","number":"4","issuer_code":"61","acquirer_code":"31","owner_type":"개인","card_type":"신용","installment_minimum":50000,"registered_at":0,"enabled":true}}],"monthly_limit":900000000}}"#
        );
    });
    let grants = list(&|text, n| {
        let _ = write!(
            text,
            r#""grant-{n}":[{{"user":"{n}","promotion":"01JPPJ6SB66BQXXDAKRQZ6SZD7","test":false,"amount":1,"accepted_at":0,"visible_at":0,"decided_at":0,"fails":false,"flips_at":null,"stage":"accepted"}}]"#
        );
    });
    let given = list(&|text, n| {
        let _ = write!(text, r#""{n}":1"#);
    });
    let ledger = list(&|text, n| {
        let (first, second, third) = (3 * n, 3 * n + 1, 3 * n + 2);
        let _ = write!(
            text,
            r#"{{"number":{first},"at":1767193200000,"kind":"payment","user":"7","pay_token":"token-{n}","order_no":"o{n}","amount":10,"test":true}},{{"number":{second},"at":1767193200000,"kind":"brandpay_payment","customer":"customer-{n}","payment_key":"key-{n}","order_id":"order-{n}","amount":1000}},{{"number":{third},"at":1767193200000,"kind":"grant","user":"{n}","promotion":"01JPPJ6SB66BQXXDAKRQZ6SZD7","key":"grant-{n}","amount":1,"test":false}}"#
        );
    });
    let (login, shops, keys) =
        (&world["login"], &world["brandpay"]["shops"], &world["brandpay"]["secret_keys"]);
    let (charged, terms) = (&world["promotion"]["charged"], &world["brandpay"]["terms"]);
    let wallet = charged.as_u64().unwrap_or_default() - u64::try_from(count).unwrap_or_default();
    format!(
        r#"{{"world":{{"login":{login},"promotion":{{"charged":{charged},"wallet":{wallet},"promotions":{{"01JPPJ6SB66BQXXDAKRQZ6SZD7":{{"spent":{count},"given":{{{given}}}}}}},"grants":{{{grants}}}}},"pay":{{"payments":{{{pay}}},"orders":{{{orders}}}}},"brandpay":{{"shops":{shops},"secret_keys":{keys},"terms":{terms},"customers":{{{customers}}},"payments":{{{brandpay}}}}},"ledger":[{ledger}]}}}}"#
    )
}
