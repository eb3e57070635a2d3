//! `login-me`.

use serde::Serialize;

use super::{
    super::{
        Basis, Context, User,
        context::Result,
        envelope::{Refusal, success},
        switches::ProfileForm,
    },
    owner::{For, owner},
    seal::Sealer,
};

const DOC: Basis = Basis::Sample("docs/api/login.md#login-me");
const FORM: Basis = Basis::Assumed("profile_form");
const KEY: Basis =
    Basis::Assumed("INTERNAL_ERROR: the decryption_key of the state is not 32 bytes in Base64");
const TOO_MANY: Basis = Basis::Assumed(
    "profiles_per_token: BAD_REQUEST_RETRIEVE_CERT_RESULT_EXCEEDED_LIMIT, whose limit nobody has documented",
);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'a> {
    user_key: u64,
    scope: String,
    agreed_terms: &'a [String],
    name: Option<String>,
    phone: Option<String>,
    birthday: Option<String>,
    ci: Option<String>,
    di: Option<String>,
    gender: Option<String>,
    nationality: Option<String>,
    email: Option<String>,
}

/// The same with the deviations that were reported.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deviant<'a> {
    cert_tx_id: String,
    scope: String,
    user_key: String,
    policy: &'static str,
    agreed_terms: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birthday: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ci: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nationality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

pub(super) fn login_me(context: &mut Context<'_>) -> Result {
    let owner = owner(context, For::Profile)?;
    let most = context.switches.profiles_per_token;
    let fetched = context.world.login.access_tokens.get(&owner.token).map_or(0, |token| token.profiles);
    if most != 0 && fetched >= most {
        let code = "BAD_REQUEST_RETRIEVE_CERT_RESULT_EXCEEDED_LIMIT";
        let refusal = Refusal::new(code, "조회 가능한 횟수를 초과했어요.", TOO_MANY);
        return Err(context.refuse(&refusal.listed(401)));
    }
    let Some(profile) = profile(context, &owner.user) else {
        return Err(context.internal_error("프로필을 암호화할 수 없어요.", KEY));
    };
    let tokens = &mut context.world.login.access_tokens;
    if let Some(token) = tokens.get_mut(&owner.token) {
        token.profiles = fetched.saturating_add(1);
    }
    Ok(match context.switches.profile_form {
        ProfileForm::Sample => success(&profile, DOC),
        ProfileForm::Deviant => {
            let deviant = Deviant {
                cert_tx_id: context.rng.uuid(),
                scope: profile.scope.replace(',', ", "),
                user_key: profile.user_key.to_string(),
                policy: "EMULATED",
                agreed_terms: profile.agreed_terms,
                name: profile.name,
                phone: profile.phone,
                birthday: profile.birthday,
                ci: profile.ci,
                gender: profile.gender,
                nationality: profile.nationality,
                email: profile.email,
            };
            success(&deviant, FORM)
        }
    })
}

/// What the user lets the app see, encrypted; `None` if it cannot be encrypted.
fn profile<'a>(context: &mut Context<'_>, user: &'a User) -> Option<Profile<'a>> {
    let login = &context.world.login;
    let sealer = Sealer::new(&login.decryption_key, &login.aad)?;
    let agreed = |scope: &str| user.scopes.iter().any(|agreed| agreed == scope);
    let mut sealed = |scope, value: &Option<String>| match value {
        Some(value) if agreed(scope) => sealer.seal(value, context.rng).map(Some),
        _ => Some(None),
    };
    let scopes = user.scopes.iter().map(String::as_str).filter(|scope| *scope != "user_key");
    Some(Profile {
        user_key: user.key,
        scope: scopes.chain(["user_key"]).collect::<Vec<_>>().join(","),
        agreed_terms: &user.agreed_terms,
        name: sealed("user_name", &user.name)?,
        phone: sealed("user_phone", &user.phone)?,
        birthday: sealed("user_birthday", &user.birthday)?,
        ci: sealed("user_ci", &user.ci)?,
        di: None,
        gender: sealed("user_gender", &user.gender)?,
        nationality: sealed("user_nationality", &user.nationality)?,
        email: sealed("user_email", &user.email)?,
    })
}
