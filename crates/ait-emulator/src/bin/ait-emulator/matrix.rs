//! Every combination of the values of some switches.

use ait_emulator::api::Switches;

/// More runs than anybody waits for.
const MOST: usize = 1000;

/// A switch, and the values that it shall take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    name: String,
    values: Vec<String>,
}

impl Axis {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// `NAME` for all values of a choice, or `NAME=VALUE,VALUE`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let (name, listed) = match text.split_once('=') {
            Some((name, values)) => (name, values.split(',').map(str::to_owned).collect()),
            None => (text, Vec::new()),
        };
        let Some(choices) = Switches::choices(name) else {
            return Err(format!("there is no switch `{name}`; docs/fidelity.md lists them"));
        };
        let values: Vec<String> = if !text.contains('=') {
            choices.iter().map(|&value| value.to_owned()).collect()
        } else {
            listed
        };
        if values.is_empty() {
            return Err(format!("`{name}` is no choice: list the values to try, as in {name}=1,60"));
        }
        if let Some(value) =
            values.iter().find(|value| !choices.is_empty() && !choices.contains(&value.as_str()))
        {
            return Err(format!("`{name}` has no value `{value}`; use {}", choices.join(", ")));
        }
        Ok(Self { name: name.to_owned(), values })
    }
}

/// All combinations, the last switch changing first, each as `NAME=VALUE` pairs.
pub(crate) fn combinations(axes: &[Axis]) -> Result<Vec<Vec<String>>, String> {
    if let Some(twice) =
        axes.iter().enumerate().find(|(at, axis)| axes[..*at].iter().any(|other| other.name == axis.name))
    {
        return Err(format!("--matrix: `{0}` is named twice; write {0}=VALUE,VALUE once", twice.1.name));
    }
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
    match count {
        Some(count) if count <= MOST => {}
        _ => {
            return Err(format!(
                "--matrix: more than {MOST} combinations; name fewer switches, or fewer values of them"
            ));
        }
    }
    Ok(axes.iter().fold(vec![Vec::new()], |combinations, axis| {
        let longer = |combination: &Vec<String>| {
            let combination = combination.clone();
            axis.values
                .iter()
                .map(move |value| [combination.as_slice(), &[format!("{}={value}", axis.name)]].concat())
        };
        combinations.iter().flat_map(longer).collect()
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{Axis, combinations};

    fn axes(texts: &[&str]) -> Result<Vec<Axis>, String> {
        texts.iter().map(|text| Axis::read(text)).collect()
    }

    #[test]
    fn every_combination_comes_once_and_in_order() {
        let axes = axes(&["dedupe", "failed_may_flip", "grant_lag_seconds=0,60"]).unwrap();
        let all = combinations(&axes).unwrap();
        assert_eq!(all.len(), 3 * 2 * 2);
        assert_eq!(all[0], ["dedupe=key", "failed_may_flip=false", "grant_lag_seconds=0"]);
        assert_eq!(all[1], ["dedupe=key", "failed_may_flip=false", "grant_lag_seconds=60"]);
        assert_eq!(all[11], ["dedupe=never", "failed_may_flip=true", "grant_lag_seconds=60"]);
        assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)));
        assert_eq!(combinations(&[]).unwrap(), [Vec::<String>::new()]);
    }

    #[test]
    fn what_cannot_be_is_named_with_the_next_step() {
        for (text, says) in [
            ("dedup", "there is no switch `dedup`; docs/fidelity.md lists them"),
            (
                "grant_lag_seconds",
                "`grant_lag_seconds` is no choice: list the values to try, as in grant_lag_seconds=1,60",
            ),
            ("dedupe=key,always", "`dedupe` has no value `always`; use key, promotion_and_key, never"),
            ("failed_may_flip=yes", "`failed_may_flip` has no value `yes`; use false, true"),
            ("dedupe=", "`dedupe` has no value ``; use key, promotion_and_key, never"),
        ] {
            assert_eq!(Axis::read(text).unwrap_err(), says);
        }
        let twice = combinations(&axes(&["dedupe", "dedupe=key"]).unwrap()).unwrap_err();
        assert_eq!(twice, "--matrix: `dedupe` is named twice; write dedupe=VALUE,VALUE once");
        let many = (0..1001).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        let many = combinations(&axes(&[&format!("grant_lag_seconds={many}")]).unwrap()).unwrap_err();
        assert!(many.starts_with("--matrix: more than 1000 combinations; name fewer"), "{many}");
    }
}
