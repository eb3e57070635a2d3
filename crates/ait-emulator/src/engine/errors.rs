//! Answers that a fault gives in the place of the API's.

use serde_json::json;

use crate::{
    api::{Answer, Basis, Face, brandpay, pay},
    fault::{Effect, Fault},
};

const FAULT: Basis = Basis::Assumed("a fault that was asked for");
const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// The answer of a fault and its content type, if it is one that answers. Before a commit it never looks like success.
pub(super) fn instead(fault: &Fault, face: Face) -> Option<(Answer, &'static str)> {
    let flat = face == Face::BrandPay;
    let answer = match &fault.effect {
        Effect::Status(status) => refusal(face, *status, "INTERNAL_ERROR"),
        Effect::Fail(code) => refusal(face, if flat { brandpay::code::find(code).status } else { 200 }, code),
        // BrandPay knows no `resultType`.
        Effect::ResultType(result_type) if flat => refusal(face, 500, result_type),
        Effect::ResultType(result_type) => {
            let error = json!({"errorType": 0, "errorCode": null, "reason": null, "data": {}, "title": null});
            Answer::json(200, &json!({"resultType": result_type, "success": null, "error": error}), FAULT)
        }
        // There the status alone says that it was done.
        Effect::InvalidJson if flat && !fault.moment.is_committed() => broken(500, "{\"code\":\"".to_owned()),
        Effect::InvalidJson if flat => broken(200, "{\"mId\":\"tosspayments\",\"status\":\"".to_owned()),
        Effect::InvalidJson => broken(200, "{\"resultType\":\"SUCCESS\",\"success\":{\"".to_owned()),
        Effect::Html => return Some((broken(502, PAGE.to_owned()), "text/html")),
        _ => return None,
    };
    Some((answer, "application/json"))
}

fn refusal(face: Face, status: u16, code: &str) -> Answer {
    let text = if face == Face::AppsInToss { pay::codes::text(code) } else { None };
    let reason = text.unwrap_or("a fault that was asked for");
    let body = match face {
        Face::AppsInToss => json!({
            "resultType": "FAIL",
            "success": null,
            "error": {"errorType": 0, "errorCode": code, "reason": reason, "data": {}, "title": null},
        }),
        Face::BrandPay => json!({"code": code, "message": reason}),
    };
    Answer::json(status, &body, FAULT).with_code(code)
}

fn broken(status: u16, body: String) -> Answer {
    let mut answer = Answer::json(status, &json!(null), FAULT);
    answer.body = body;
    answer
}
