//! How a login says no to a code or a token.

use serde_json::json;

use super::super::{Answer, Basis, Context, envelope::Refusal, switches::InvalidGrant};

/// Where a code or a token was refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Exchange,
    Refresh,
    AccessToken,
}

impl Context<'_> {
    /// `{"error":"invalid_grant"}`, in the form that the switches say.
    pub(super) fn invalid_grant(&self, at: At, reason: &str, basis: Basis) -> Answer {
        let bare = match self.switches.invalid_grant {
            InvalidGrant::Bare => true,
            InvalidGrant::EnvelopeAtRefresh => at != At::Refresh,
            InvalidGrant::Envelope => false,
        };
        if bare {
            let status = self.switches.invalid_grant_status;
            return Answer::json(status, &json!({"error": "invalid_grant"}), basis)
                .with_code("invalid_grant");
        }
        let listed = if at == At::AccessToken { 401 } else { 400 };
        self.refuse(&Refusal::new("invalid_grant", reason, basis).listed(listed))
    }

    /// What the world cannot do.
    pub(super) fn internal_error(&self, reason: &str, basis: Basis) -> Answer {
        self.refuse(&Refusal::new("INTERNAL_ERROR", reason, basis).listed(500))
    }
}
