//! Running server and clients, and making one number of many.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
};

use crate::{
    Failure,
    client::{Sample, Variant},
    setup::Setup,
};

/// The server process. It ends when this is dropped.
pub(crate) struct Server {
    setup: String,
    child: Child,
    /// The server lives as long as its standard input is open.
    lifeline: Option<ChildStdin>,
}

impl Server {
    /// Starts it and waits until it listens.
    pub(crate) fn start() -> Result<Self, Failure> {
        let mut child = again(&["server"])?;
        let lifeline = child.stdin.take();
        let mut setup = String::new();
        BufReader::new(child.stdout.take().ok_or("the server has no output")?).read_line(&mut setup)?;
        serde_json::from_str::<Setup>(&setup).map_err(|_| "the server did not start")?;
        Ok(Self { setup, child, lifeline })
    }

    /// Runs every variant in every round, each round in another order, and keeps the samples by variant.
    pub(crate) fn rounds<const N: usize>(
        &self,
        variants: [Variant; N],
        rounds: usize,
        calls: usize,
    ) -> Result<[Vec<Sample>; N], Failure> {
        let mut samples = [const { Vec::new() }; N];
        for round in 0..rounds {
            for turn in 0..N {
                let turn = if round % 2 == 0 { turn } else { N - 1 - turn };
                let index = (turn + round / 2) % N;
                samples[index].push(self.run(variants[index], calls)?);
            }
        }
        Ok(samples)
    }

    fn run(&self, variant: Variant, calls: usize) -> Result<Sample, Failure> {
        let name = variant.name();
        let mut child = again(&["client", &name, &calls.to_string()])?;
        child.stdin.take().ok_or("the client has no input")?.write_all(self.setup.as_bytes())?;
        let output = child.wait_with_output()?;
        if !output.status.success() {
            return Err(format!("the client {name} failed, see above").into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Nothing depends on how it ended.
        let _ = self.child.wait();
    }
}

/// This program again, in another role.
fn again(arguments: &[&str]) -> Result<Child, Failure> {
    let mut command = Command::new(env::current_exe()?);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(command.spawn()?)
}

/// The median over the rounds of what `value` tells of both, ours by theirs: what disturbs a round disturbs both.
pub(crate) fn ratio(ours: &[Sample], theirs: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    median(ours.iter().zip(theirs).map(|(ours, theirs)| value(ours) / value(theirs)).collect())
}

/// The median over the rounds.
pub(crate) fn middle(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    median(samples.iter().map(value).collect())
}

/// The least of all rounds.
pub(crate) fn least(samples: &[Sample], value: impl Fn(&Sample) -> f64) -> f64 {
    samples.iter().map(value).fold(f64::INFINITY, f64::min)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::{least, median, ratio};
    use crate::client::Sample;

    fn samples(cpu: [f64; 3]) -> Vec<Sample> {
        let sample = |cpu| Sample { cpu, allocations: 0.0, reallocations: 0.0, bytes: 0.0, median: 0.0 };
        cpu.map(sample).to_vec()
    }

    #[test]
    fn a_disturbed_round_does_not_move_the_median() {
        assert_eq!(median(vec![1.0, 90.0, 2.0]), 2.0);
    }

    #[test]
    fn a_round_is_compared_with_the_same_round_of_the_other() {
        let (ours, theirs) = (samples([1.0, 20.0, 3.0]), samples([2.0, 40.0, 6.0]));
        assert_eq!(ratio(&ours, &theirs, |sample| sample.cpu), 0.5);
        assert_eq!(least(&ours, |sample| sample.cpu), 1.0);
    }
}
