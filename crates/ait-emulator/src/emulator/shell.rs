//! From a request on the wire to bytes on the wire.

use std::sync::Arc;

use super::Shared;
use crate::{
    Arrival, End, Reply, Request, Response, Script, Stage,
    api::{self, Face},
    engine::{Begun, Plan},
    fault::{Effect, Fault, Moment},
};

/// What happens to a connection before HTTP.
pub(super) fn gate(shared: &Shared, arrival: Arrival<'_>) -> Script {
    let moment = match arrival.stage {
        Stage::Accepted => Moment::Accept,
        Stage::ClientHello => Moment::Tls,
    };
    let Some(effect) = shared.connection(moment) else { return Script::new() };
    match effect {
        Effect::Delay(delay) => Script::new().pause(delay),
        effect => Script::new().then(end(&effect)),
    }
}

/// What is written in reply to a request.
pub(super) async fn answer(shared: Arc<Shared>, face: Face, request: Request) -> Reply {
    let (path, query) = api::Request::split(&request.path);
    let with_body = request.method != "HEAD";
    let request = api::Request {
        face,
        method: request.method.clone(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: request.headers,
        body: request.body,
        app: request.peer_common_name,
    };
    let plan = match shared.call(request) {
        Begun::Answered(plan) => *plan,
        Begun::Waits(received) => {
            tokio::time::sleep(received.wait().unwrap_or_default()).await;
            shared.turn(*received)
        }
    };
    write(plan, with_body)
}

fn write(plan: Plan, with_body: bool) -> Reply {
    let Plan { answer, content_type, fault, date } = plan;
    let Some(answer) = answer else {
        return Reply::Script(Script::new().then(fault.map_or(End::Close, |fault| end(&fault.effect))));
    };
    let length = answer.body.len().to_string();
    // The head of an answer to HEAD is that of an answer with a body.
    let mut response = Response::json(answer.status, if with_body { answer.body } else { String::new() })
        .header("content-type", content_type)
        .header("content-length", length)
        .header("date", date.http_date())
        .header("x-emulator-basis", answer.basis.to_string());
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    match fault {
        Some(fault) => spoil(&response, &fault),
        None => Reply::Answer(response),
    }
}

/// The answer as far as the fault lets it through.
fn spoil(response: &Response, fault: &Fault) -> Reply {
    let script = Script::new();
    let half = |length: usize| length / 2;
    match (fault.moment, &fault.effect) {
        (Moment::MidHeaders, effect) => {
            let half = half(response.head_length());
            let begun = script.head(response, ..half);
            Reply::Script(match effect {
                Effect::Delay(delay) => begun.pause(*delay).head(response, half..).body(response, ..),
                effect => begun.then(end(effect)),
            })
        }
        (Moment::MidBody, effect) => {
            let half = half(response.body_length());
            let begun = script.head(response, ..).body(response, ..half);
            Reply::Script(match effect {
                Effect::Delay(delay) => begun.pause(*delay).body(response, half..),
                effect => begun.then(end(effect)),
            })
        }
        (Moment::AfterAnswer, effect) => {
            // A reset would take what the client has not read yet.
            Reply::Script(
                script.answer(response).pause(std::time::Duration::from_millis(50)).then(end(effect)),
            )
        }
        (_, Effect::Delay(delay)) if fault.moment == Moment::AfterCommit => {
            Reply::Delayed(*delay, response.clone())
        }
        (_, Effect::Truncate(bytes)) => Reply::Truncated { response: response.clone(), bytes: *bytes },
        (_, Effect::AnswerTwice) => Reply::Script(script.answer(response).answer(response)),
        (_, effect @ (Effect::Reset | Effect::Close | Effect::Hang)) => {
            Reply::Script(script.then(end(effect)))
        }
        _ => Reply::Answer(response.clone()),
    }
}

fn end(effect: &Effect) -> End {
    match effect {
        Effect::Reset | Effect::LateCommit(_) => End::Reset,
        Effect::Hang => End::Hang,
        _ => End::Close,
    }
}
