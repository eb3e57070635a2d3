//! Spans, by OpenTelemetry's conventions for HTTP clients. Fields are written by hand: no body, header or full URL can
//! slip in.
//!
//! One span a call, one child an attempt, and one event for each question about a ticket that failed. Without the `tracing` feature all of this is empty.

#[cfg(feature = "tracing")]
pub(crate) use on::{Call, question_failed};

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Call, question_failed};

#[cfg(feature = "tracing")]
mod on {
    use std::sync::atomic::{AtomicU16, AtomicU32, Ordering::Relaxed};

    use http::StatusCode;
    use tracing::{Instrument, Span, field::Empty};

    use crate::{Endpoint, Error, error::shown, wire::Destination};

    pub(crate) struct Call {
        span: Span,
        attempts: AtomicU32,
        status: AtomicU16,
    }

    impl Call {
        pub(crate) fn start<E: Endpoint>() -> Self {
            let span = tracing::info_span!(
                target: "ait",
                "call",
                otel.name = format_args!("{} {}", E::METHOD, E::PATH),
                otel.kind = "client",
                http.request.method = E::METHOD.as_str(),
                url.template = E::PATH,
                server.address = Empty,
                server.port = Empty,
                network.peer.address = Empty,
                network.peer.port = Empty,
                http.response.status_code = Empty,
                error.r#type = Empty,
                http.request.resend_count = Empty,
                ait.endpoint = E::NAME,
                ait.code = Empty,
                ait.outcome = Empty,
            );
            Self { span, attempts: AtomicU32::new(0), status: AtomicU16::new(0) }
        }

        pub(crate) fn to(&self, destination: &Destination) {
            self.span.record("server.address", destination.name());
            self.span.record("server.port", destination.port());
        }

        pub(crate) fn attempt(&self, number: u32) -> Attempt {
            self.attempts.store(number, Relaxed);
            Attempt(tracing::debug_span!(
                target: "ait",
                parent: &self.span,
                "attempt",
                http.request.resend_count = number - 1,
                http.response.status_code = Empty,
                error.r#type = Empty,
                ait.outcome = Empty,
            ))
        }

        /// An attempt got an answer.
        pub(crate) fn answered(&self, attempt: &Attempt, status: StatusCode) {
            self.status.store(status.as_u16(), Relaxed);
            attempt.0.record("http.response.status_code", status.as_u16());
        }

        pub(crate) fn watch<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.span.clone())
        }

        pub(crate) fn end<T>(&self, result: &Result<T, Error>) {
            if let Some(resent) = self.attempts.load(Relaxed).checked_sub(1) {
                self.span.record("http.request.resend_count", resent);
            }
            let status = match result {
                Ok(_) => self.status.load(Relaxed),
                Err(error) => error.status().map_or(0, |status| status.as_u16()),
            };
            if status != 0 {
                self.span.record("http.response.status_code", status);
            }
            if let Some(address) = result.as_ref().err().and_then(|error| error.addresses().last()) {
                self.span.record("network.peer.address", address.ip().to_string());
                self.span.record("network.peer.port", address.port());
            }
            if let Some(code) = result.as_ref().err().and_then(Error::code) {
                self.span.record("ait.code", shown(code));
            }
            ended(&self.span, result);
        }
    }

    pub(crate) struct Attempt(Span);

    impl Attempt {
        pub(crate) fn watch<F: Future>(&self, attempt: F) -> impl Future<Output = F::Output> + use<F> {
            attempt.instrument(self.0.clone())
        }

        pub(crate) fn end<T>(&self, result: &Result<T, Error>) {
            ended(&self.0, result);
        }
    }

    /// A question about a ticket failed; what it said is not in the resolution.
    pub(crate) fn question_failed(error: &Error) {
        tracing::debug!(target: "ait", %error, "a question about a ticket failed");
    }

    fn ended<T>(span: &Span, result: &Result<T, Error>) {
        match result {
            Ok(_) => {
                span.record("ait.outcome", "done");
            }
            Err(error) => {
                span.record("error.type", error.kind().as_str());
                span.record("ait.outcome", error.outcome().as_str());
            }
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use http::StatusCode;

    use crate::{Endpoint, Error, wire::Destination};

    pub(crate) struct Call;

    impl Call {
        #[allow(clippy::extra_unused_type_parameters, reason = "the other half takes its fields from it")]
        pub(crate) fn start<E: Endpoint>() -> Self {
            Self
        }

        pub(crate) fn to(&self, _: &Destination) {}

        pub(crate) fn attempt(&self, _: u32) -> Attempt {
            Attempt
        }

        pub(crate) fn answered(&self, _: &Attempt, _: StatusCode) {}

        pub(crate) fn watch<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn end<T>(&self, _: &Result<T, Error>) {}
    }

    pub(crate) fn question_failed(_: &Error) {}

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn watch<F: Future>(&self, attempt: F) -> F {
            attempt
        }

        pub(crate) fn end<T>(&self, _: &Result<T, Error>) {}
    }
}
