//! The rows of the table, as section 7 of the design lists them.

use serde::Serialize;

use crate::{
    Failure,
    client::{Sample, Variant},
    measure::{Server, least, middle, ratio},
    options::Options,
};

/// Processor time needs many short rounds: on a machine with other work, whole rounds are disturbed.
const CPU_ROUNDS: usize = 5;

/// One measure, its peers and its goal.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// What is measured, and in what.
    pub(crate) measure: &'static str,
    /// The hand-written client.
    pub(crate) hyper: Option<f64>,
    /// reqwest and `serde_json`.
    pub(crate) reqwest: Option<f64>,
    /// This workspace.
    pub(crate) ours: f64,
    /// At most this.
    pub(crate) goal: f64,
    /// A count, printed whole; otherwise a ratio.
    pub(crate) count: bool,
    /// What else is worth knowing.
    pub(crate) note: Option<String>,
}

impl Row {
    /// Whether the goal is met, to the precision that is printed.
    pub(crate) fn is_met(&self) -> bool {
        self.ours <= self.goal + if self.count { 0.05 } else { 0.005 }
    }
}

/// The rows about calls.
pub(crate) fn wire(options: &Options) -> Result<Vec<Row>, Failure> {
    let server = Server::start()?;
    let mut rows = reads(&server, options.rounds)?;
    rows.push(writes(&server, options.rounds)?);
    rows.push(spare(&server, options.rounds)?);
    Ok(rows)
}

fn cpu(sample: &Sample) -> f64 {
    sample.cpu
}

/// The least of each by the least of hyper's: what is left when nothing disturbs.
fn quietest(reqwest: &[Sample], ours: &[Sample], hyper: &[Sample]) -> String {
    let [reqwest, ours, hyper] = [reqwest, ours, hyper].map(|samples| least(samples, cpu));
    format!("in the quietest rounds: reqwest {:.2}, ours {:.2}", reqwest / hyper, ours / hyper)
}

fn reads(server: &Server, rounds: usize) -> Result<Vec<Row>, Failure> {
    let variants = [Variant::OursRead, Variant::HyperRead, Variant::ReqwestRead];
    let [ours, hyper, reqwest] = server.rounds(variants, rounds * CPU_ROUNDS, 4_000)?;
    let heap = |samples: &[Sample]| middle(samples, |sample| sample.allocations);
    let grown = |samples: &[Sample]| middle(samples, |sample| sample.reallocations);
    let bytes = |samples: &[Sample]| middle(samples, |sample| sample.bytes);
    Ok(vec![
        Row {
            measure: "read, keep-alive, 16 in flight: CPU a call",
            hyper: Some(1.0),
            reqwest: Some(ratio(&reqwest, &hyper, cpu)),
            ours: ratio(&ours, &hyper, cpu),
            goal: 1.0,
            count: false,
            note: Some(quietest(&reqwest, &ours, &hyper)),
        },
        Row {
            measure: "the same: heap allocations a call",
            hyper: Some(heap(&hyper)),
            reqwest: Some(heap(&reqwest)),
            ours: heap(&ours),
            goal: 32.0,
            count: true,
            note: Some(format!(
                "reallocations besides: hyper {:.1}, reqwest {:.1}, ours {:.1}; bytes: {:.0}, {:.0}, {:.0}",
                grown(&hyper),
                grown(&reqwest),
                grown(&ours),
                bytes(&hyper),
                bytes(&reqwest),
                bytes(&ours)
            )),
        },
    ])
}

fn writes(server: &Server, rounds: usize) -> Result<Row, Failure> {
    let variants = [Variant::OursWrite, Variant::HyperWrite, Variant::ReqwestWrite];
    let [ours, hyper, reqwest] = server.rounds(variants, rounds * CPU_ROUNDS, 120)?;
    Ok(Row {
        measure: "write, own connection, resumed TLS: CPU a call",
        hyper: Some(1.0),
        reqwest: Some(ratio(&reqwest, &hyper, cpu)),
        ours: ratio(&ours, &hyper, cpu),
        goal: 1.05,
        count: false,
        note: Some(quietest(&reqwest, &ours, &hyper)),
    })
}

fn spare(server: &Server, rounds: usize) -> Result<Row, Failure> {
    let variants = [Variant::OursSpare, Variant::HyperFar, Variant::OursFar];
    let [ours, pooled, without] = server.rounds(variants, rounds, 10)?;
    let median = |sample: &Sample| sample.median;
    Ok(Row {
        measure: "write, warm spare, 20 ms round trip: latency by a pooled call's",
        hyper: Some(1.0),
        reqwest: None,
        ours: ratio(&ours, &pooled, median),
        goal: 1.1,
        count: false,
        note: Some(format!("without the spare: {:.2}", ratio(&without, &pooled, median))),
    })
}
