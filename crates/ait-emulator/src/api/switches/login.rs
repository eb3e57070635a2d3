//! Of logins.

use serde::{Deserialize, Serialize};

choice! {
    /// Which refresh token an answer to `refresh-token` brings.
    Refresh {
        /// A new one; the old one dies.
        #[default]
        Rotate,
        /// The same one.
        Keep,
    }
}

choice! {
    /// What `users/anon-key/verify` says of a key that is good.
    AnonKeyAnswer {
        /// `"true"`, as the guide prints it.
        #[default]
        Text,
        /// `true`, as the API description has it.
        Flag,
    }
}

choice! {
    /// What `users/anon-key/verify` says of a key that no user has: a forged one.
    UnknownAnonKey {
        /// 200 and `4010`, as one call was answered; the 401 with `failure_status=listed`.
        #[default]
        Fail,
        /// 401, as documented, whatever `failure_status` says.
        Unauthorized,
        /// That it is genuine, up to 64 characters: nothing need be set up.
        Genuine,
    }
}

choice! {
    /// The form in which a login refuses a code or a token.
    InvalidGrant {
        /// `{"error":"invalid_grant"}`.
        #[default]
        Bare,
        /// In the envelope at `refresh-token`, bare elsewhere.
        EnvelopeAtRefresh,
        /// In the envelope, with `invalid_grant` as its code.
        Envelope,
    }
}

choice! {
    /// The form of the tokens of a login.
    TokenForm {
        /// As in the samples: `Bearer`, and seconds as a number.
        #[default]
        Sample,
        /// As in the field table: `bearer`, and seconds as text.
        Table,
        /// As in the samples, without `tokenType` and `scope` at `refresh-token`, as one report has it.
        Sparse,
    }
}

choice! {
    /// What a new login does to the tokens of the logins before it.
    NewLogin {
        /// Nothing.
        #[default]
        KeepsTokens,
        /// They end.
        EndsTokens,
    }
}

choice! {
    /// The form of a profile.
    ProfileForm {
        /// As in the sample.
        #[default]
        Sample,
        /// As several reports deviate: the key as text, scopes after a comma and a blank, old members, no nulls.
        Deviant,
    }
}

choice! {
    /// The payload of `remove-by-access-token`, which is nowhere published.
    RemovedPayload {
        /// The user key.
        #[default]
        UserKey,
        /// An empty object.
        Empty,
    }
}
