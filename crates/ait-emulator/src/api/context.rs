//! What an endpoint has at hand while it answers.

use serde_json::json;

use super::{
    Answer, Basis, Face, Request, Rng, Switches, Time, UserId, World,
    envelope::Refusal,
    switches::{ContentType, UnknownUser},
};

/// What an endpoint has at hand while it answers.
pub(crate) struct Context<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) switches: &'a Switches,
    pub(crate) now: Time,
    pub(crate) rng: &'a mut Rng,
    pub(crate) request: &'a Request,
    /// The parameters of the path, decoded, in order.
    pub(crate) parameters: &'a [String],
}

/// An answer, or a refusal, which is an answer too.
pub(crate) type Result<T = Answer> = std::result::Result<T, Answer>;

const FIELDS: Basis = Basis::Documented("docs/api/envelope.md#field-validation");

impl Context<'_> {
    /// The refusal of a field that breaks a rule: HTTP 400 with `errorDetails`.
    pub(crate) fn bad_field(&self, field: &str, rule: &str) -> Answer {
        let details = json!({"errorDetails": [{"field": field, "message": rule, "rejectedValue": null}]});
        let reason = format!("{field} {rule}");
        let mut answer = self.refuse(&Refusal::new("INVALID_PARAMETER", &reason, FIELDS).data(details));
        answer.status = 400;
        answer
    }

    /// Refuses a body that is not said to be JSON, if a switch says so.
    pub(crate) fn check_content_type(&self) -> Result<()> {
        let Some(rule) = self.request.not_json().filter(|_| self.switches.content_type == ContentType::Json)
        else {
            return Ok(());
        };
        let basis = Basis::Assumed("content_type");
        Err(match self.request.face {
            Face::BrandPay => self.flat_because("INVALID_REQUEST", &rule, basis),
            Face::AppsInToss => {
                let details = json!({"errorDetails": [{"field": "content-type", "message": rule, "rejectedValue": null}]});
                let refusal = Refusal::new("INVALID_PARAMETER", &rule, basis).data(details);
                Answer { status: 400, ..self.refuse(&refusal) }
            }
        })
    }

    /// Whom the headers name. Exactly one of the two headers is allowed.
    pub(crate) fn user(&mut self) -> Result<UserId> {
        match self.user_if_any()? {
            Some(user) => Ok(user),
            None => Err(self.refuse(
                &Refusal::new(
                    "4010",
                    "x-toss-user-key or x-anon-key is missing",
                    Basis::Assumed("a missing user is refused like a stale one"),
                )
                .listed(401),
            )),
        }
    }

    /// Whom the headers name, if they do.
    pub(crate) fn user_if_any(&mut self) -> Result<Option<UserId>> {
        let both = Basis::Assumed("both headers at once are refused");
        let user = match (self.request.header("x-toss-user-key"), self.request.header("x-anon-key")) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => {
                let reason = "x-toss-user-key and x-anon-key exclude each other";
                return Err(self.refuse(&Refusal::new("INVALID_PARAMETER", reason, both)));
            }
            (Some(key), None) => match key.parse() {
                // A sign would parse too.
                Ok(number) if key.starts_with(|first: char| first.is_ascii_digit()) => UserId::Key(number),
                _ => return Err(self.bad_field("x-toss-user-key", "must be digits")),
            },
            (None, Some(key)) => UserId::Anonymous(key.to_owned()),
        };
        self.known(user).map(Some)
    }

    /// The user, if there is one who uses the app.
    pub(crate) fn known(&mut self, user: UserId) -> Result<UserId> {
        let found = self.world.known(&user);
        let create = self.switches.unknown_user == UnknownUser::Create;
        match (found.map(|user| user.linked), &user) {
            (Some(true), _) => return Ok(user),
            (None, UserId::Key(key)) if create => {
                self.world.user(*key, self.rng);
                return Ok(user);
            }
            // An anonymous key that was not issued is a made-up one: nothing is known about its user.
            (None, UserId::Anonymous(key)) if create && key.len() <= 64 => return Ok(user),
            _ => {}
        }
        let basis = Basis::Documented("docs/api/envelope.md#common-codes, 4010");
        let reason = match user {
            UserId::Key(_) => "x-toss-user-key: the user is not linked to this app",
            UserId::Anonymous(_) => "x-anon-key: the user is not linked to this app",
        };
        Err(self.refuse(&Refusal::new("4010", reason, basis).listed(401)))
    }

    /// Counts a call against the calls a minute of this user.
    pub(crate) fn limit_user(&mut self, user: &UserId, product: &str) -> Result<()> {
        self.limit(&format!("{product}:{user}"), self.switches.calls_per_user)
    }

    /// Counts a call, or refuses it with `4095`.
    pub(crate) fn limit(&mut self, who: &str, most: u32) -> Result<()> {
        self.world.limits.take(who, most, self.now).map_err(|wait| {
            let seconds = wait.as_millis().div_ceil(1000);
            let basis = Basis::Documented("docs/api/envelope.md#rate-limits, 4095");
            let seconds = json!({"retryAfterSeconds": u64::try_from(seconds).unwrap_or(60)});
            self.refuse(&Refusal::new("4095", "too many requests", basis).listed(429).data(seconds))
        })
    }
}
