#!/usr/bin/env bash
# A day of a shop, told by curl. It knows nothing but the environment that the emulator prints:
#
#   ait-emulator exec -- bash journey.sh
set -eu

user=443731104
login=$AIT_BASE_URL/api-partner/v1/apps-in-toss/user/oauth2
promotion=$AIT_BASE_URL/api-partner/v1/apps-in-toss/promotion
pay=$AIT_PAY_BASE_URL/api-partner/v1/apps-in-toss/pay
control=$AIT_EMULATOR_CONTROL_URL/_ctl/v1

# How each of the three is called.
toss() {
  curl -sS --cacert "$AIT_CA_FILE" --cert "$AIT_CERT_FILE" --key "$AIT_KEY_FILE" \
    -H 'content-type: application/json' -H "x-toss-user-key: $user" "$@"
}
brandpay() { curl -sS --cacert "$AIT_CA_FILE" -u "$BRANDPAY_SECRET_KEY:" -H 'content-type: application/json' "$@"; }
emulator() { curl -sSf "$@" >/dev/null; }

# text_of FIELD ANSWER. A real shop takes a JSON parser.
text_of() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"; }

# check NAME PART ANSWER: the answer has this part.
failed=0
check() {
  case $3 in
  *"$2"*) echo "ok   $1" ;;
  *) echo "FAIL $1: expected $2, got ${3//$'\n'/ }" && failed=1 ;;
  esac
}

# What the console and the app store would have done before.
emulator -X PUT "$control/templates/order-ready" -d '{"variables":["storeName"]}'
emulator -X PUT "$control/orders/order-7" -d '{"sku":"ait.coffee.10","status":"PURCHASED"}'

# Login. In the app, appLogin() gives the code; a code emu-<userKey>-<anything> logs that user in.
tokens=$(toss "$login/generate-token" -d "{\"authorizationCode\":\"emu-$user-curl\",\"referrer\":\"DEFAULT\"}")
check 'a code for tokens' '"tokenType":"Bearer"' "$tokens"
again=$(toss "$login/generate-token" -d "{\"authorizationCode\":\"emu-$user-curl\",\"referrer\":\"DEFAULT\"}")
check 'the same code again' 'invalid_grant' "$again"
profile=$(toss "$login/login-me" -H "authorization: Bearer $(text_of accessToken "$tokens")")
check 'the profile' "\"userKey\":$user" "$profile"

# Points: a key, the grant under it, and the question what became of it.
key=$(text_of key "$(toss -X POST "$promotion/execute-promotion/get-key")")
grant="{\"promotionCode\":\"01JPPJ6SB66BQXXDAKRQZ6SZD7\",\"key\":\"$key\",\"amount\":10}"
check 'a grant' '"resultType":"SUCCESS"' "$(toss "$promotion/execute-promotion" -d "$grant")"
check 'the same grant again' '4113' "$(toss "$promotion/execute-promotion" -d "$grant")"
result=$(toss "$promotion/execution-result" -d "{\"promotionCode\":\"01JPPJ6SB66BQXXDAKRQZ6SZD7\",\"key\":\"$key\"}")
check 'the points have arrived' '"success":"SUCCESS"' "$result"

# A payment and its refund.
make() {
  toss "$pay/make-payment" -d "{\"orderNo\":\"$1\",\"productDesc\":\"coffee\",\"amount\":4500,\"amountTaxFree\":0,\"isTestPayment\":true}"
}
token=$(text_of payToken "$(make 2026-000017)")
payment="{\"payToken\":\"$token\",\"isTestPayment\":true}"
check 'a payment' '"amount":4500' "$(toss "$pay/execute-payment" -d "$payment")"
check 'its status' '"payStatus":"PAY_COMPLETE"' "$(toss "$pay/get-payment-status" -d "$payment")"
refund="{\"payToken\":\"$token\",\"reason\":\"changed-mind\",\"isTestPayment\":true}"
check 'its refund' '"refundedAmount":4500' "$(toss "$pay/refund-payment" -d "$refund")"

# A payment whose answer is lost: the order number asks for it. It was taken all the same.
order=order-18--emu-execute_payment-after_commit-reset
token=$(text_of payToken "$(make "$order")")
lost=$(toss "$pay/execute-payment" -d "{\"payToken\":\"$token\",\"isTestPayment\":true}" 2>&1 || echo "curl ended with $?")
check 'a lost answer' 'curl ended with' "$lost"
status=$(toss "$pay/get-payment-status" -d "{\"orderNo\":\"$order\",\"isTestPayment\":true}")
check 'it was paid' '"payStatus":"PAY_COMPLETE"' "$status"

# An order in the app, and a message.
order=$(toss "$AIT_BASE_URL/api-partner/v1/apps-in-toss/order/get-order-status" -d '{"orderId":"order-7"}')
check 'an order' '"status":"PURCHASED"' "$order"
message='{"templateSetCode":"order-ready","context":{"storeName":"coffee"}}'
sent=$(toss "$AIT_BASE_URL/api-partner/v1/apps-in-toss/messenger/send-message" -d "$message")
check 'a message' '"sentPushCount":1' "$sent"

# BrandPay. A payment key emu-<anything> stands for a buyer who has authenticated in the payment window.
agreed=$(brandpay "$BRANDPAY_BASE_URL/v1/brandpay/terms/agree" \
  -d '{"customerKey":"customer-1","scope":["REGISTER","CARD"],"termsId":[1,2,3,4,5]}')
grant="{\"grantType\":\"AuthorizationCode\",\"customerKey\":\"customer-1\",\"code\":\"$(text_of code "$agreed")\"}"
tokens=$(brandpay "$BRANDPAY_BASE_URL/v1/brandpay/authorizations/access-token" -d "$grant")
check 'brandpay: a token' '"tokenType":"bearer"' "$tokens"
methods=$(curl -sS --cacert "$AIT_CA_FILE" -H "authorization: Bearer $(text_of accessToken "$tokens")" \
  "$BRANDPAY_BASE_URL/v1/brandpay/payments/methods")
check 'brandpay: the methods' '"cards":[{' "$methods"
confirm='{"paymentKey":"emu-curl","orderId":"2026-000019","amount":10000,"customerKey":"customer-1"}'
check 'brandpay: a payment' '"status":"DONE"' \
  "$(brandpay "$BRANDPAY_BASE_URL/v1/brandpay/payments/confirm" -H 'idempotency-key: confirm-19' -d "$confirm")"
cancel() {
  brandpay "$BRANDPAY_BASE_URL/v1/payments/emu-curl/cancel" -H 'idempotency-key: cancel-19' \
    -d '{"cancelReason":"changed mind","cancelAmount":3000}'
}
check 'brandpay: a part of it back' '"balanceAmount":7000' "$(cancel)"
check 'brandpay: the same request again' '"balanceAmount":7000' "$(cancel)"
check 'brandpay: a lookup' '"status":"PARTIAL_CANCELED"' "$(brandpay "$BRANDPAY_BASE_URL/v1/payments/orders/2026-000019")"
check 'brandpay: a wrong secret key' 'UNAUTHORIZED_KEY' \
  "$(curl -sS --cacert "$AIT_CA_FILE" -u 'test_sk_wrong:' "$BRANDPAY_BASE_URL/v1/payments/emu-curl")"

# Without a certificate, or with one from elsewhere, the handshake fails.
stranger=$(curl -sS --cacert "$AIT_CA_FILE" "$login/login-me" 2>&1 || echo "curl ended with $?")
check 'refused without a certificate' 'curl ended with' "$stranger"
folder=$(dirname "$AIT_CERT_FILE")
stranger=$(curl -sS --cacert "$AIT_CA_FILE" --cert "$folder/foreign-client.crt" --key "$folder/foreign-client.key" \
  "$login/login-me" 2>&1 || echo "curl ended with $?")
check 'refused with a foreign certificate' 'curl ended with' "$stranger"

check 'the money adds up' '"holds":true' "$(curl -sS "$control/invariants")"
echo end
exit "$failed"
