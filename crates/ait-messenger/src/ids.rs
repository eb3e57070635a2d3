//! Identifiers: types of their own, so that they cannot be swapped.

use std::fmt;

use ait_core::{
    Error,
    lenient::{FromScalar, Scalar, required},
};
use serde::{Deserialize, Deserializer, Serialize};

/// The code of the template that the campaign has in the console: `templateSetCode`.
///
/// No rule is documented; blank text and control characters, such as the line end of a file, are refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct TemplateSetCode(String);

impl TemplateSetCode {
    /// Takes the code exactly as the console shows it.
    ///
    /// # Errors
    ///
    /// If the code is blank or holds a control character.
    pub fn new(code: impl Into<String>) -> Result<Self, Error> {
        let code = Self(code.into());
        code.check()?;
        match code.0.chars().position(char::is_control) {
            None => Ok(code),
            Some(at) => Err(Error::invalid(
                "templateSetCode",
                format!(
                    "must hold no control character, but character {} is one; copy it from the console",
                    at + 1
                ),
            )),
        }
    }

    /// Takes the text as it is, for a code that the console shows although it breaks the rule.
    #[must_use]
    pub fn unchecked(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    // An unchecked code may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.trim().is_empty() {
            return Err(Error::invalid("templateSetCode", "must not be blank; copy it from the console"));
        }
        Ok(())
    }
}

impl fmt::Display for TemplateSetCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// What is received is not rejected for its shape.
impl<'de> Deserialize<'de> for TemplateSetCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for TemplateSetCode {
    const EXPECTED: &'static str = "a template set code";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}

/// The id of an uploaded bundle: `deploymentId`, a UUID from the console (official examples).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct DeploymentId(String);

impl DeploymentId {
    /// Checks the form of a UUID, of any version.
    ///
    /// # Errors
    ///
    /// If it is not 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with a dash between.
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        let groups = id
            .split('-')
            .map(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(group.len()));
        if groups.eq([8, 4, 4, 4, 12].map(Some)) {
            return Ok(Self(id));
        }
        Err(Error::invalid(
            "deploymentId",
            format!(
                "must be a UUID, 8-4-4-4-12 hexadecimal digits, has {} characters; copy it from the console",
                id.chars().count()
            ),
        ))
    }

    /// Takes the text as it is, for an id that the console shows although it is no UUID.
    #[must_use]
    pub fn unchecked(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it travels.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    // An unchecked id may be none.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.0.trim().is_empty() {
            return Err(Error::invalid("deploymentId", "must not be blank; copy it from the console"));
        }
        Ok(())
    }
}

impl fmt::Display for DeploymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for DeploymentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        required(deserializer)
    }
}

impl FromScalar for DeploymentId {
    const EXPECTED: &'static str = "a deployment id";

    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        String::from_scalar(scalar).filter(|text| !text.is_empty()).map(Self)
    }
}
