//! Short words of marks: an order number has room for 50 characters.

use super::Moment;

/// Moments that a mark can name.
const MOMENTS: [(&str, Moment); 6] = [
    ("ar", Moment::AfterRead),
    ("bc", Moment::BeforeCommit),
    ("ac", Moment::AfterCommit),
    ("mh", Moment::MidHeaders),
    ("mb", Moment::MidBody),
    ("aa", Moment::AfterAnswer),
];

/// The endpoints that move money, points and messages, and those that tell what became of them.
const ENDPOINTS: [(&str, &str); 17] = [
    ("a", "any"),
    ("mp", "make_payment"),
    ("x", "execute_payment"),
    ("rp", "refund_payment"),
    ("ps", "payment_status"),
    ("gk", "get_key"),
    ("xp", "execute_promotion"),
    ("xr", "execution_result"),
    ("os", "order_status"),
    ("sm", "send_message"),
    ("st", "send_test_message"),
    ("sb", "send_bulk_messages"),
    ("cf", "confirm"),
    ("ap", "automatic_payment"),
    ("cc", "cancel"),
    ("po", "payment_by_order"),
    ("pk", "payment_by_key"),
];

/// The moment that this word is short for.
pub(super) fn moment(word: &str) -> Option<Moment> {
    MOMENTS.into_iter().find(|(short, _)| *short == word).map(|(_, moment)| moment)
}

/// The endpoint in full; a word that is short for none is as it is.
pub(super) fn endpoint(word: &str) -> &str {
    ENDPOINTS.into_iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long)
}

/// `a, mp, x, …`
pub(super) fn endpoints() -> String {
    ENDPOINTS.map(|(short, _)| short).join(", ")
}

/// `ar, bc, …`
pub(super) fn moments() -> String {
    MOMENTS.map(|(short, _)| short).join(", ")
}

#[cfg(test)]
mod tests {
    use super::{ENDPOINTS, MOMENTS};
    use crate::{api::routes, fault::Moment};

    #[test]
    fn short_words_are_short_for_one_thing_each_and_the_page_lists_them() {
        let page = include_str!("../../../../docs/emulator.md");
        for (at, (short, long)) in ENDPOINTS.iter().enumerate() {
            assert!(ENDPOINTS[..at].iter().all(|(other, _)| other != short), "{short}");
            let named = routes().filter(|route| route.name.ends_with(&format!(".{long}"))).count();
            assert_eq!(named, usize::from(*long != "any"), "{long}");
            assert!(!routes().any(|route| route.name.ends_with(&format!(".{short}"))), "{short}");
            assert!(page.contains(&format!("`{short}` `{long}`")), "`{short}` `{long}`");
        }
        for (short, moment) in MOMENTS {
            assert!(page.contains(&format!("`{short}` `{moment}`")), "{short}");
        }
        let named = Moment::ALL.into_iter().filter(|moment| moment.has_request());
        assert_eq!(named.collect::<Vec<_>>(), MOMENTS.map(|(_, moment)| moment));
    }
}
