//! The refusals of promotions.

use crate::api::{Basis, envelope::Refusal};

pub(super) const GUIDE: Basis = Basis::Documented("docs/api/promotion.md#error-codes");
/// Codes that the guide does not have and the contract does.
pub(super) const CONTRACT: Basis = Basis::Documented("docs/api/promotion.md#error-codes, reported");

/// The refusal with this code. The texts of the guide's codes are the guide's.
pub(super) fn no(code: &'static str, basis: Basis) -> Refusal<'static> {
    let reason = match code {
        "4100" => "프로모션 정보를 찾을 수 없어요",
        "4104" => "중지된 프로모션이에요",
        "4105" => "종료된 프로모션이에요",
        "4108" => "승인되지 않은 프로모션이에요",
        "4109" => "프로모션이 실행중이 아니에요",
        "4110" => "리워드를 지급/회수할 수 없어요",
        "4111" => "리워드 지급내역을 찾을 수 없어요",
        "4112" => "프로모션 머니가 부족해요",
        "4113" => "이미 지급/회수된 내역이에요",
        "4114" => "1회 지급 금액을 초과했어요",
        "4116" => "최대 지급 금액이 예산을 초과했어요",
        _ => "",
    };
    Refusal::new(code, reason, basis)
}
