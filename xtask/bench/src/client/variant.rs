//! The variants: who calls, and how.

use std::time::Duration;

use super::{
    Sample,
    hyper::{Fresh, Pooled},
    load::{self, Load},
    ours::{OursRead, OursWrite},
    reqwest::Reqwest,
};
use crate::{Failure, setup::Setup};

/// Who calls, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    /// Reads of ours, on kept connections.
    OursRead,
    /// The same with the pooled client of hyper-util.
    HyperRead,
    /// The same with reqwest.
    ReqwestRead,
    /// Writes of ours, each on a connection of its own.
    OursWrite,
    /// The same with hyper's bare connection.
    HyperWrite,
    /// The same with reqwest without idle connections.
    ReqwestWrite,
    /// Writes of ours from afar, with a warm spare.
    OursSpare,
    /// The same without the spare.
    OursFar,
    /// The same on a kept connection of hyper-util.
    HyperFar,
}

impl Variant {
    const ALL: [Self; 9] = [
        Self::OursRead,
        Self::HyperRead,
        Self::ReqwestRead,
        Self::OursWrite,
        Self::HyperWrite,
        Self::ReqwestWrite,
        Self::OursSpare,
        Self::OursFar,
        Self::HyperFar,
    ];

    /// The word for it between the processes.
    pub(crate) fn name(self) -> String {
        format!("{self:?}")
    }

    /// The variant of a word.
    pub(crate) fn parse(word: &str) -> Result<Self, Failure> {
        let known = Self::ALL.into_iter().find(|variant| variant.name() == word);
        known.ok_or_else(|| format!("there is no variant `{word}`").into())
    }

    /// Makes the calls.
    pub(super) async fn run(self, setup: &Setup, calls: usize) -> Result<Sample, Failure> {
        const SPARE: Option<Duration> = Some(Duration::from_secs(10));
        let (near, far) = (&setup.url, &setup.far_url);
        match self {
            Self::OursRead => load::run(OursRead::new(setup, near)?, Load::InFlight, calls).await,
            Self::HyperRead => load::run(Pooled::new(setup, near)?, Load::InFlight, calls).await,
            Self::ReqwestRead => load::run(Reqwest::pooled(setup, near)?, Load::InFlight, calls).await,
            Self::OursWrite => load::run(OursWrite::new(setup, near, None)?, Load::InTurn, calls).await,
            Self::HyperWrite => load::run(Fresh::new(setup, near)?, Load::InTurn, calls).await,
            Self::ReqwestWrite => load::run(Reqwest::fresh(setup, near)?, Load::InTurn, calls).await,
            Self::OursSpare => load::run(OursWrite::new(setup, far, SPARE)?, Load::Paced, calls).await,
            Self::OursFar => load::run(OursWrite::new(setup, far, None)?, Load::Paced, calls).await,
            Self::HyperFar => load::run(Pooled::new(setup, far)?, Load::Paced, calls).await,
        }
    }
}
