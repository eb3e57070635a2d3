//! Spans, by OpenTelemetry's conventions for HTTP clients. Fields are written by hand: no body, header or full URL can
//! slip in.
//!
//! One span a call, one child an attempt. Without the `tracing` feature all of this is empty.

#[cfg(feature = "tracing")]
pub(crate) use on::Call;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::Call;

#[cfg(feature = "tracing")]
mod on {
    use http::StatusCode;
    use tracing::{Instrument, Span, field::Empty};

    use crate::{Endpoint, Error, error::shown, wire::Destination};

    pub(crate) struct Call(Span);

    impl Call {
        pub(crate) fn start<E: Endpoint>() -> Self {
            Self(tracing::info_span!(
                target: "ait",
                "call",
                otel.name = format_args!("{} {}", E::METHOD, E::PATH),
                otel.kind = "client",
                http.request.method = E::METHOD.as_str(),
                url.template = E::PATH,
                server.address = Empty,
                server.port = Empty,
                http.response.status_code = Empty,
                error.r#type = Empty,
                http.request.resend_count = Empty,
                ait.endpoint = E::NAME,
                ait.code = Empty,
                ait.outcome = Empty,
            ))
        }

        pub(crate) fn to(&self, destination: &Destination) {
            self.0.record("server.address", destination.name());
            self.0.record("server.port", destination.port());
        }

        pub(crate) fn attempt(&self, number: u32) -> Attempt {
            Attempt(tracing::debug_span!(
                target: "ait",
                parent: &self.0,
                "attempt",
                http.request.resend_count = number - 1,
                http.response.status_code = Empty,
                error.r#type = Empty,
                ait.outcome = Empty,
            ))
        }

        pub(crate) fn watch<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
            call.instrument(self.0.clone())
        }

        pub(crate) fn end<T>(&self, result: &Result<T, Error>) {
            match result {
                Ok(_) => {
                    self.0.record("ait.outcome", "done");
                }
                Err(error) => {
                    failed(&self.0, error);
                    self.0.record("http.request.resend_count", error.attempts().saturating_sub(1));
                    if let Some(status) = error.status() {
                        self.0.record("http.response.status_code", status.as_u16());
                    }
                    if let Some(code) = error.code() {
                        self.0.record("ait.code", shown(code));
                    }
                }
            }
        }
    }

    pub(crate) struct Attempt(Span);

    impl Attempt {
        pub(crate) fn watch<F: Future>(&self, attempt: F) -> impl Future<Output = F::Output> + use<F> {
            attempt.instrument(self.0.clone())
        }

        pub(crate) fn answered(&self, status: StatusCode) {
            self.0.record("http.response.status_code", status.as_u16());
        }

        pub(crate) fn end<T>(&self, result: &Result<T, Error>) {
            match result {
                Ok(_) => {
                    self.0.record("ait.outcome", "done");
                }
                Err(error) => failed(&self.0, error),
            }
        }
    }

    fn failed(span: &Span, error: &Error) {
        span.record("error.type", error.kind().as_str());
        span.record("ait.outcome", error.outcome().as_str());
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

        pub(crate) fn watch<F: Future>(&self, call: F) -> F {
            call
        }

        pub(crate) fn end<T>(&self, _: &Result<T, Error>) {}
    }

    pub(crate) struct Attempt;

    impl Attempt {
        pub(crate) fn watch<F: Future>(&self, attempt: F) -> F {
            attempt
        }

        pub(crate) fn answered(&self, _: StatusCode) {}

        pub(crate) fn end<T>(&self, _: &Result<T, Error>) {}
    }
}
