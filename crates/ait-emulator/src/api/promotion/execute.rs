//! `execute-promotion`: accepts a grant, and takes its points out of budget and wallet.

use serde_json::json;

use super::{
    Grant, Grants, Promotion, PromotionStatus, grant::Code, move_money, refusal::CONTRACT, refusal::GUIDE,
    refusal::no,
};
use crate::api::{
    Answer, Basis, Context,
    context::Result,
    envelope::{Refusal, success},
    switches::{Dedupe, Old, UnknownPromotion},
};

const ACCEPTED: Basis = Basis::Documented("docs/api/promotion.md#execute-promotion");
const TEST: Basis = Basis::Documented("docs/api/promotion.md#test-mode");
const TEST_WITH_BLANK: Basis = Basis::Assumed("TEST and a blank make a test too");
const USED_KEY_PAYS: Basis = Basis::Assumed("dedupe");
const OLD_KEY_PAYS: Basis = Basis::Assumed("expired_key");

/// Longer texts than any code or key.
const LONG: usize = 200;

struct Asked {
    code: String,
    key: String,
    amount: i64,
}

pub(super) fn execute(context: &mut Context<'_>) -> Result {
    let user = context.user()?;
    context.limit_user(&user, "promotion")?;
    let asked = read(context)?;
    let code = Code::new(&asked.code);
    let user = user.to_string();
    promotion_grants(context, code)?;
    let basis = key_pays(context, code, &asked.key, &user)?;
    amount_fits(context, code, &user, asked.amount)?;
    Ok(commit(context, code, &asked, user, basis))
}

fn read(context: &Context<'_>) -> Result<Asked> {
    let form = context.form()?;
    let code = form.needed_text("promotionCode", LONG)?;
    let key = form.needed_text("key", LONG)?;
    let amount = form.integer("amount")?;
    let amount = form.needed("amount", amount)?;
    let smallest = context.switches.smallest_grant;
    if amount < i64::from(smallest) {
        let mut no = context.bad_field("amount", &format!("must be at least {smallest}"));
        no.basis = Basis::Assumed("smallest_grant");
        return Err(no);
    }
    Ok(Asked { code, key, amount })
}

/// The promotion with this code, or `fresh` if it would be made up.
fn promotion_of<'a>(context: &'a Context<'_>, code: Code<'_>, fresh: &'a Promotion) -> Option<&'a Promotion> {
    let create = context.switches.unknown_promotion == UnknownPromotion::Create;
    context.world.promotion.promotions.get(code.promotion).or(create.then_some(fresh))
}

/// The promotion is one that grants, by its own state. This is looked at before the key: nobody has documented the order.
fn promotion_grants(context: &Context<'_>, code: Code<'_>) -> Result<()> {
    let fresh = Promotion::default();
    let weak =
        |code| Refusal { basis: Basis::Assumed("partner reports name this code, weakly"), ..no(code, GUIDE) };
    let refusal = match promotion_of(context, code, &fresh) {
        None => no("4100", GUIDE),
        Some(promotion) => match promotion.status {
            PromotionStatus::Stopped => weak("4104"),
            PromotionStatus::Ended => weak("4105"),
            PromotionStatus::NotApproved if !code.test => weak("4108"),
            PromotionStatus::NotBegun if !code.test => no("4109", CONTRACT),
            _ if !promotion.tested && !code.test => {
                no("4109", Basis::Assumed("a promotion without a test grant is one that is not running"))
            }
            _ if promotion.ailing => no("4110", GUIDE),
            _ => return Ok(()),
        },
    };
    Err(context.refuse(&refusal))
}

/// The key is one that still pays. Its age is looked at before its use.
fn key_pays(context: &Context<'_>, code: Code<'_>, key: &str, user: &str) -> Result<Basis> {
    let known = context.world.promotion.keys.get(key);
    let foreign = |known: &super::Key| known.user.as_ref().is_some_and(|owner| owner != user);
    let Some(known) = known else {
        let mut no = context.bad_field("key", "was not issued by get-key");
        no.basis = Basis::Assumed("a key that get-key did not issue is a bad field");
        return Err(no);
    };
    if context.switches.key_bound_to_user && foreign(known) {
        let mut no = context.bad_field("key", "was issued for another user");
        no.basis = Basis::Assumed("key_bound_to_user");
        return Err(no);
    }
    let expired = known.is_expired(context.now);
    if expired && context.switches.expired_key == Old::Refuse {
        let code = &context.switches.expired_key_code;
        return Err(context.refuse(&Refusal::new(
            code,
            "키가 만료되었어요",
            Basis::Assumed("expired_key_code"),
        )));
    }
    let grants = context.world.promotion.grants(key);
    let used = match context.switches.dedupe {
        Dedupe::Key => !grants.is_empty(),
        Dedupe::PromotionAndKey => grants.iter().any(|grant| grant.is_of(code)),
        Dedupe::Never => false,
    };
    if used {
        return Err(context.refuse(&no("4113", GUIDE)));
    }
    Ok(match code {
        _ if !grants.is_empty() => USED_KEY_PAYS,
        _ if expired => OLD_KEY_PAYS,
        Code { blank: true, .. } => TEST_WITH_BLANK,
        Code { test: true, .. } => TEST,
        Code { .. } => ACCEPTED,
    })
}

/// The amount is within every limit. A test is held to them too.
fn amount_fits(context: &Context<'_>, code: Code<'_>, user: &str, amount: i64) -> Result<()> {
    let fresh = Promotion::default();
    let Some(promotion) = promotion_of(context, code, &fresh) else {
        return Err(context.refuse(&no("4100", GUIDE)));
    };
    let refusal = if amount > promotion.most_per_grant {
        no("4114", GUIDE)
    } else if amount > promotion.budget {
        no("4116", GUIDE)
    } else if promotion.given_to(user).saturating_add(amount) > promotion.most_per_person {
        no("4114", Basis::Assumed("what a person may get is a limit like that of one grant"))
    } else if promotion.left() <= 0 {
        no("4109", CONTRACT)
    } else if amount > promotion.left() {
        no("4112", Basis::Assumed("a rest of the budget that does not suffice is money that is short"))
    } else if amount > context.world.promotion.wallet() {
        no("4112", GUIDE)
    } else {
        return Ok(());
    };
    Err(context.refuse(&refusal))
}

fn commit(context: &mut Context<'_>, code: Code<'_>, asked: &Asked, user: String, basis: Basis) -> Answer {
    let promotions = &mut context.world.promotion;
    let promotion = promotions.promotions.get_or_insert_with(&code.promotion.to_owned(), Promotion::default);
    promotion.tested |= code.test;
    let fails = promotion.failing || promotions.keys.get(&asked.key).is_some_and(|key| key.fails);
    let grant = Grant { fails, ..Grant::new(user, code, asked.amount, context.now, context.switches) };
    if grant.has_more_to_come() {
        promotions.due.insert(asked.key.clone(), grant.next());
    }
    move_money(context.world, context.now, &asked.key, &grant, grant.amount);
    let grants = &mut context.world.promotion.grants;
    grants.get_or_insert_with(&asked.key, Grants::default).0.push(grant);
    success(&json!({"key": asked.key}), basis)
}
