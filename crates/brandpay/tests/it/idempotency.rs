//! Idempotency keys: derived ones follow the order, random ones never meet.

use std::collections::HashSet;

use brandpay::{Amount, OrderId, ait_core::Krw, idempotency};

#[test]
fn derived_keys_follow_the_order_and_nothing_else() {
    let order = |text: &str| OrderId::new(text).unwrap();
    let key = |operation: &str, id: &str, won: i64| {
        idempotency::derived(operation, &order(id), Krw::new(won)).unwrap()
    };
    assert_eq!(key("confirm", "order-1", 10_000), key("confirm", "order-1", 10_000));
    let different = [
        key("confirm", "order-1", 10_000),
        key("cancel", "order-1", 10_000),
        key("confirm", "order-2", 10_000),
        key("confirm", "order-1", 10_001),
        idempotency::derived("confirm:order-1", &OrderId::unchecked("10000"), Krw::new(10_000)).unwrap(),
        idempotency::derived("confirm", &OrderId::unchecked("order-1:10000"), Krw::new(1)).unwrap(),
        idempotency::derived("한글", &OrderId::unchecked("주문 1"), Amount::new("10.99").unwrap()).unwrap(),
    ];
    assert_eq!(different.iter().collect::<HashSet<_>>().len(), different.len());
    assert!(different.iter().all(|key| key.as_str().bytes().all(|byte| byte.is_ascii_graphic())));
    assert!(idempotency::derived("", &order("order-1"), Krw::new(1)).is_err());
    assert!(idempotency::derived(&"x".repeat(300), &order("order-1"), Krw::new(1)).is_err());
    let random: HashSet<_> = (0..10_000).map(|_| idempotency::random().as_str().to_owned()).collect();
    assert_eq!(random.len(), 10_000);
    assert!(random.iter().all(|key| key.len() == 32 && key[..16] != key[16..]));
}
