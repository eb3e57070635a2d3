//! The calls, as methods.

use ait_core::{Call, Client};

use crate::{GenerateToken, LoginMe, RefreshToken, RemoveByAccessToken, RemoveByUserKey, VerifyAnonymousKey};

/// Toss Login for Apps in Toss. Cheap to clone.
///
/// Each method describes a call; awaiting it makes it. The documentation of each request says what to do when the
/// outcome of its call is unknown.
#[derive(Clone, Debug)]
pub struct Login(Client);

impl Login {
    /// Login over this client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// Exchanges the code of the SDK's `appLogin` for tokens. See [`GenerateToken`].
    pub fn generate_token(&self, request: GenerateToken) -> Call<'_, GenerateToken> {
        self.0.call(request)
    }

    /// Makes new tokens from a refresh token. See [`RefreshToken`]; [`Session`](crate::Session) does it when it is due.
    pub fn refresh_token(&self, request: RefreshToken) -> Call<'_, RefreshToken> {
        self.0.call(request)
    }

    /// Tells who the user is: key, scopes and encrypted profile. See [`LoginMe`].
    pub fn login_me(&self, request: LoginMe) -> Call<'_, LoginMe> {
        self.0.call(request)
    }

    /// Cuts the link of the user whose token this is. See [`RemoveByAccessToken`].
    pub fn remove_by_access_token(&self, request: RemoveByAccessToken) -> Call<'_, RemoveByAccessToken> {
        self.0.call(request)
    }

    /// Cuts the link of the user with this key. See [`RemoveByUserKey`].
    pub fn remove_by_user_key(&self, request: RemoveByUserKey) -> Call<'_, RemoveByUserKey> {
        self.0.call(request)
    }

    /// Checks the key of a user who has not logged in. See [`VerifyAnonymousKey`].
    pub fn verify_anonymous_key(&self, request: VerifyAnonymousKey) -> Call<'_, VerifyAnonymousKey> {
        self.0.call(request)
    }
}
