<?php
// A day of a shop, told by PHP with its curl extension. It knows nothing but the environment that the emulator prints:
//
//   ait-emulator exec -- php journey.php
declare(strict_types=1);

const USER = 443731104;
const PROMOTION = '01JPPJ6SB66BQXXDAKRQZ6SZD7';

define('CERTIFICATE', [CURLOPT_SSLCERT => getenv('AIT_CERT_FILE'), CURLOPT_SSLKEY => getenv('AIT_KEY_FILE')]);
$AS_USER = ['x-toss-user-key: ' . USER];

// Each request has a handle of its own, unless one is given.
function send(string $method, string $url, ?array $body, array $headers, array $options = [], $handle = null): array
{
    $handle ??= curl_init();
    curl_setopt_array($handle, $options + [
        CURLOPT_URL => $url,
        CURLOPT_CUSTOMREQUEST => $method,
        CURLOPT_CAINFO => getenv('AIT_CA_FILE'),
        CURLOPT_HTTPHEADER => ['content-type: application/json', ...$headers],
        CURLOPT_RETURNTRANSFER => true,
    ]);
    if ($body !== null) {
        curl_setopt($handle, CURLOPT_POSTFIELDS, json_encode($body ?: new stdClass(), JSON_THROW_ON_ERROR));
    }
    $text = curl_exec($handle);
    if ($text === false) {
        throw new RuntimeException(curl_error($handle), curl_errno($handle));
    }
    return json_decode($text, true, flags: JSON_THROW_ON_ERROR);
}

// Apps in Toss and Toss Pay.
function toss(string $url, ?array $body, array $headers = [], array $identity = CERTIFICATE, $handle = null): array
{
    return send($body === null ? 'GET' : 'POST', $url, $body, $headers, $identity, $handle);
}

function brandpay(string $method, string $path, ?array $body = null, array $headers = []): array
{
    $secret = [CURLOPT_USERPWD => getenv('BRANDPAY_SECRET_KEY') . ':'];
    return send($method, getenv('BRANDPAY_BASE_URL') . $path, $body, $headers, $secret);
}

function emulator(string $method, string $path, ?array $body = null): array
{
    $failing = [CURLOPT_FAILONERROR => true];
    return send($method, getenv('AIT_EMULATOR_CONTROL_URL') . "/_ctl/v1$path", $body, [], $failing);
}

$failed = false;
function check(string $name, mixed $got, mixed $wanted): void
{
    global $failed;
    [$found, $expected] = [json_encode($got), json_encode($wanted)];
    $failed = $failed || $found !== $expected;
    echo $found === $expected ? "ok   $name\n" : "FAIL $name: expected $expected, got $found\n";
}

// What curl says when there is no answer, by its number.
function complaint(callable $call): int
{
    try {
        $call();
        return CURLE_OK;
    } catch (RuntimeException $error) {
        return $error->getCode();
    }
}

// IV, text and tag in a row, in Base64.
function decrypt(string $sealed): string|false
{
    $bytes = base64_decode($sealed, true);
    $key = base64_decode(getenv('AIT_DECRYPTION_KEY'), true);
    [$iv, $text, $tag] = [substr($bytes, 0, 12), substr($bytes, 12, -16), substr($bytes, -16)];
    return openssl_decrypt($text, 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $iv, $tag, getenv('AIT_DECRYPTION_AAD'));
}

// What the console and the app store would have done before.
emulator('PUT', '/templates/order-ready', ['variables' => ['storeName']]);
emulator('PUT', '/orders/order-7', ['sku' => 'ait.coffee.10', 'status' => 'PURCHASED']);
emulator('PUT', '/users/' . USER, ['name' => '홍길동']);

// Login. In the app, appLogin() gives the code; a code emu-<userKey>-<anything> logs that user in.
$base = getenv('AIT_BASE_URL') . '/api-partner/v1/apps-in-toss';
$login = "$base/user/oauth2";
$code = ['authorizationCode' => 'emu-' . USER . '-php', 'referrer' => 'DEFAULT'];
$tokens = toss("$login/generate-token", $code)['success'];
check('a code for tokens', $tokens['tokenType'], 'Bearer');
check('the same code again', toss("$login/generate-token", $code)['error'], 'invalid_grant');
$fresh = toss("$login/refresh-token", ['refreshToken' => $tokens['refreshToken']])['success'];
$profile = toss("$login/login-me", null, ["authorization: Bearer {$fresh['accessToken']}"])['success'];
check('the profile', $profile['userKey'], USER);
check('the name in it, decrypted', decrypt($profile['name']), '홍길동');

// Points: a key, and a grant under it whose answer is lost. Granting again under the same key is refused, so ask.
$promotion = "$base/promotion";
$key = toss("$promotion/execute-promotion/get-key", [], $AS_USER)['success']['key'];
$grant = ['promotionCode' => PROMOTION, 'key' => $key, 'amount' => 10];
emulator('POST', '/faults', ['rule' => 'promotion.execute_promotion after_commit reset']);
$lost = complaint(fn () => toss("$promotion/execute-promotion", $grant, $AS_USER));
check('a grant, and its answer lost', $lost, CURLE_RECV_ERROR);
$again = toss("$promotion/execute-promotion", $grant, $AS_USER);
check('the same grant again', $again['error']['errorCode'], '4113');
$question = ['promotionCode' => PROMOTION, 'key' => $key];
check('the points have arrived', toss("$promotion/execution-result", $question, $AS_USER)['success'], 'SUCCESS');

// A payment and its refund.
$pay = getenv('AIT_PAY_BASE_URL') . '/api-partner/v1/apps-in-toss/pay';
function make(string $orderNo): array
{
    global $pay, $AS_USER;
    $order = ['orderNo' => $orderNo, 'productDesc' => '아메리카노', 'amount' => 4500, 'amountTaxFree' => 0];
    $made = toss("$pay/make-payment", $order + ['isTestPayment' => true], $AS_USER);
    return ['payToken' => $made['success']['payToken'], 'isTestPayment' => true];
}
$first = make('2026-000017');
check('a payment', toss("$pay/execute-payment", $first, $AS_USER)['success']['amount'], 4500);
check('its status', toss("$pay/get-payment-status", $first, $AS_USER)['success']['payStatus'], 'PAY_COMPLETE');
$refund = toss("$pay/refund-payment", $first + ['reason' => '단순변심'], $AS_USER);
check('its refund', $refund['success']['refundedAmount'], 4500);

// A payment that is taken, and whose answer is lost. Do not pay again: ask.
$second = make('2026-000018');
emulator('POST', '/faults', ['rule' => 'tosspay.execute_payment after_commit reset']);
$lost = complaint(fn () => toss("$pay/execute-payment", $second, $AS_USER));
check('a lost answer', $lost, CURLE_RECV_ERROR);
$byOrder = ['orderNo' => '2026-000018', 'isTestPayment' => true];
$status = toss("$pay/get-payment-status", $byOrder, $AS_USER);
check('it was paid', $status['success']['payStatus'], 'PAY_COMPLETE');

// The same by data alone: the order number asks for the fault, before anything is done.
$third = make('order-19--emu-execute_payment-before_commit-close');
$lost = complaint(fn () => toss("$pay/execute-payment", $third, $AS_USER));
check('a lost request', $lost, CURLE_GOT_NOTHING);
$status = toss("$pay/get-payment-status", $third, $AS_USER);
check('it was not paid', $status['success']['payStatus'], 'PAY_APPROVED');
check('so pay it', toss("$pay/execute-payment", $third, $AS_USER)['success']['amount'], 4500);

// On a handle that is kept, the same looks different: when a connection that was used before ends without an answer,
// libcurl sends the request once more by itself. The second answer says no; the payment was taken all the same.
$kept = curl_init();
$fourth = make('2026-000020');
toss("$pay/get-payment-status", $fourth, $AS_USER, CERTIFICATE, $kept);
emulator('POST', '/faults', ['rule' => 'tosspay.execute_payment after_commit reset']);
$refused = toss("$pay/execute-payment", $fourth, $AS_USER, CERTIFICATE, $kept);
check('a lost answer, and sent again by libcurl', $refused['error']['errorCode'], 'PAYMENT_EXISTING_PAYMENT');
$status = toss("$pay/get-payment-status", $fourth, $AS_USER);
check('that was paid too', $status['success']['payStatus'], 'PAY_COMPLETE');

// An order in the app, and a message.
$order = toss("$base/order/get-order-status", ['orderId' => 'order-7'], $AS_USER);
check('an order', $order['success']['status'], 'PURCHASED');
$message = ['templateSetCode' => 'order-ready', 'context' => ['storeName' => '예시 상점']];
$waiting = CERTIFICATE + [CURLOPT_EXPECT_100_TIMEOUT_MS => 600_000];
$sent = toss("$base/messenger/send-message", $message, [...$AS_USER, 'Expect: 100-continue'], $waiting);
check('a message, held back until the server says go on', $sent['success']['sentPushCount'], 1);

// BrandPay. A payment key emu-<anything> stands for a buyer who has authenticated in the payment window.
$terms = ['customerKey' => 'customer-1', 'scope' => ['REGISTER', 'CARD'], 'termsId' => [1, 2, 3, 4, 5]];
$agreed = brandpay('POST', '/v1/brandpay/terms/agree', $terms);
$exchange = ['grantType' => 'AuthorizationCode', 'customerKey' => 'customer-1', 'code' => $agreed['code']];
$token = brandpay('POST', '/v1/brandpay/authorizations/access-token', $exchange);
check('brandpay: a token', $token['tokenType'], 'bearer');
$bearer = ["authorization: Bearer {$token['accessToken']}"];
$methods = send('GET', getenv('BRANDPAY_BASE_URL') . '/v1/brandpay/payments/methods', null, $bearer);
check('brandpay: the methods', count($methods['cards']), 1);
$confirm = ['paymentKey' => 'emu-php', 'orderId' => '2026-000019', 'amount' => 10000, 'customerKey' => 'customer-1'];
$confirming = fn () => brandpay('POST', '/v1/brandpay/payments/confirm', $confirm, ['idempotency-key: confirm-19']);
emulator('POST', '/faults', ['rule' => 'brandpay.confirm after_commit close']);
check('brandpay: a lost answer', complaint($confirming), CURLE_GOT_NOTHING);
check('brandpay: the same request again', $confirming()['status'], 'DONE');
$cancel = ['cancelReason' => '고객 변심', 'cancelAmount' => 3000];
$left = brandpay('POST', '/v1/payments/emu-php/cancel', $cancel, ['idempotency-key: cancel-19']);
check('brandpay: a part of it back', $left['balanceAmount'], 7000);
check('brandpay: a lookup', brandpay('GET', '/v1/payments/emu-php')['status'], 'PARTIAL_CANCELED');

// Without a certificate, or with one from elsewhere, the handshake fails. In TLS 1.3 a client learns of it only when it
// reads the answer.
$refused = fn (array $identity) => in_array(
    complaint(fn () => toss("$login/login-me", null, [], $identity)),
    [CURLE_SSL_CONNECT_ERROR, CURLE_SEND_ERROR, CURLE_RECV_ERROR],
    true,
);
check('refused without a certificate', $refused([]), true);
$folder = dirname(getenv('AIT_CERT_FILE'));
$foreign = [CURLOPT_SSLCERT => "$folder/foreign-client.crt", CURLOPT_SSLKEY => "$folder/foreign-client.key"];
check('refused with a foreign certificate', $refused($foreign), true);

check('the money adds up', emulator('GET', '/invariants')['violations'], []);
echo "end\n";
exit($failed ? 1 : 0);
