// A day of a shop, told by Node without any package. It knows nothing but the environment that the emulator prints:
//
//   ait-emulator exec -- node journey.mjs
import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname } from 'node:path';

const env = process.env;
const certificate = { cert: readFileSync(env.AIT_CERT_FILE), key: readFileSync(env.AIT_KEY_FILE) };
const user = 443731104;
const USER = { 'x-toss-user-key': user };
const PROMOTION = '01JPPJ6SB66BQXXDAKRQZ6SZD7';

// Apps in Toss and Toss Pay, as the official examples call them: the body is written without a length, so it goes out
// in chunks. The authority comes from AIT_CA_FILE.
function toss(url, { body, headers = {}, identity = certificate } = {}) {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const options = { ...identity, ca: readFileSync(env.AIT_CA_FILE), method };
    options.headers = { 'Content-Type': 'application/json; charset=utf-8', ...headers };
    const req = request(url, options, (res) => {
      let text = '';
      res.on('data', (chunk) => (text += chunk));
      res.on('end', () => resolve(JSON.parse(text)));
      res.on('error', reject);
    });
    req.on('error', reject);
    if (body !== undefined) req.write(JSON.stringify(body));
    req.end();
  });
}

// BrandPay by fetch, which trusts the authority in NODE_EXTRA_CA_CERTS.
async function brandpay(method, path, { body, headers = {} } = {}) {
  const authorization = `Basic ${Buffer.from(`${env.BRANDPAY_SECRET_KEY}:`).toString('base64')}`;
  const answer = await fetch(env.BRANDPAY_BASE_URL + path, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  });
  return answer.json();
}

async function emulator(method, path, body) {
  const answer = await fetch(`${env.AIT_EMULATOR_CONTROL_URL}/_ctl/v1${path}`, {
    method,
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

function check(name, got, wanted) {
  const same = JSON.stringify(got) === JSON.stringify(wanted);
  console.log(same ? `ok   ${name}` : `FAIL ${name}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  if (!same) process.exitCode = 1;
}

// IV, text and tag in a row, in Base64.
function decrypt(sealed) {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(env.AIT_DECRYPTION_KEY, 'base64'), bytes.subarray(0, 12));
  decipher.setAAD(Buffer.from(env.AIT_DECRYPTION_AAD)).setAuthTag(bytes.subarray(-16));
  return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
}

// What the console and the app store would have done before.
await emulator('PUT', '/templates/order-ready', { variables: ['storeName'] });
await emulator('PUT', '/orders/order-7', { sku: 'ait.coffee.10', status: 'PURCHASED' });
await emulator('PUT', `/users/${user}`, { name: '홍길동' });

// Login. In the app, appLogin() gives the code; a code emu-<userKey>-<anything> logs that user in.
const login = `${env.AIT_BASE_URL}/api-partner/v1/apps-in-toss/user/oauth2`;
const code = { authorizationCode: `emu-${user}-node`, referrer: 'DEFAULT' };
const { success: tokens } = await toss(`${login}/generate-token`, { body: code });
check('a code for tokens', tokens.tokenType, 'Bearer');
check('the same code again', (await toss(`${login}/generate-token`, { body: code })).error, 'invalid_grant');
const { success: fresh } = await toss(`${login}/refresh-token`, { body: { refreshToken: tokens.refreshToken } });
const authorization = `Bearer ${fresh.accessToken}`;
const { success: profile } = await toss(`${login}/login-me`, { headers: { authorization } });
check('the profile', profile.userKey, user);
check('the name in it, decrypted', decrypt(profile.name), '홍길동');

// Points: a key, the grant under it, and the question what became of it. Here the points take a while to arrive.
await emulator('PATCH', '/switches', { grant_lag_seconds: 30 });
const promotion = `${env.AIT_BASE_URL}/api-partner/v1/apps-in-toss/promotion`;
const { success: { key } } = await toss(`${promotion}/execute-promotion/get-key`, { body: {}, headers: USER });
const grant = { body: { promotionCode: PROMOTION, key, amount: 10 }, headers: USER };
check('a grant', (await toss(`${promotion}/execute-promotion`, grant)).success, { key });
check('the same grant again', (await toss(`${promotion}/execute-promotion`, grant)).error.errorCode, '4113');
const question = { body: { promotionCode: PROMOTION, key }, headers: USER };
check('the points are on their way', (await toss(`${promotion}/execution-result`, question)).success, 'PENDING');
await emulator('POST', '/clock/advance', { seconds: 30 });
check('the points have arrived', (await toss(`${promotion}/execution-result`, question)).success, 'SUCCESS');

// A payment and its refund.
const pay = `${env.AIT_PAY_BASE_URL}/api-partner/v1/apps-in-toss/pay`;
const isTestPayment = true;
async function make(orderNo) {
  const order = { orderNo, productDesc: '아메리카노', amount: 4500, amountTaxFree: 0, isTestPayment };
  const { success } = await toss(`${pay}/make-payment`, { body: order, headers: USER });
  return { body: { payToken: success.payToken, isTestPayment }, headers: USER };
}
const first = await make('2026-000017');
check('a payment', (await toss(`${pay}/execute-payment`, first)).success.amount, 4500);
check('its status', (await toss(`${pay}/get-payment-status`, first)).success.payStatus, 'PAY_COMPLETE');
const refund = { body: { ...first.body, reason: '단순변심' }, headers: USER };
check('its refund', (await toss(`${pay}/refund-payment`, refund)).success.refundedAmount, 4500);

// A payment that is taken, and whose answer is lost. Do not pay again: ask.
const second = await make('2026-000018');
await emulator('POST', '/faults', { rule: 'tosspay.execute_payment after_commit reset' });
const lost = await toss(`${pay}/execute-payment`, second).catch((error) => error.code);
check('a lost answer', lost, 'ECONNRESET');
const byOrder = { body: { orderNo: '2026-000018', isTestPayment }, headers: USER };
check('it was paid', (await toss(`${pay}/get-payment-status`, byOrder)).success.payStatus, 'PAY_COMPLETE');

// The same by data alone: the order number asks for the fault, before anything is done.
const third = await make('order-19--emu-execute_payment-before_commit-reset');
check('a lost request', await toss(`${pay}/execute-payment`, third).catch((error) => error.code), 'ECONNRESET');
check('it was not paid', (await toss(`${pay}/get-payment-status`, third)).success.payStatus, 'PAY_APPROVED');
check('so pay it', (await toss(`${pay}/execute-payment`, third)).success.amount, 4500);

// An order in the app, and a message.
const base = `${env.AIT_BASE_URL}/api-partner/v1/apps-in-toss`;
const order = await toss(`${base}/order/get-order-status`, { body: { orderId: 'order-7' }, headers: USER });
check('an order', order.success.status, 'PURCHASED');
const message = { templateSetCode: 'order-ready', context: { storeName: '예시 상점' } };
const sent = await toss(`${base}/messenger/send-message`, { body: message, headers: USER });
check('a message', sent.success.sentPushCount, 1);

// BrandPay. A payment key emu-<anything> stands for a buyer who has authenticated in the payment window.
const customerKey = 'customer-1';
const terms = { customerKey, scope: ['REGISTER', 'CARD'], termsId: [1, 2, 3, 4, 5] };
const agreed = await brandpay('POST', '/v1/brandpay/terms/agree', { body: terms });
const token = await brandpay('POST', '/v1/brandpay/authorizations/access-token', {
  body: { grantType: 'AuthorizationCode', customerKey, code: agreed.code },
});
check('brandpay: a token', token.tokenType, 'bearer');
const methods = await brandpay('GET', '/v1/brandpay/payments/methods', {
  headers: { authorization: `Bearer ${token.accessToken}` },
});
check('brandpay: the methods', methods.cards.length, 1);
const confirm = {
  body: { paymentKey: 'emu-node', orderId: '2026-000019', amount: 10000, customerKey },
  headers: { 'idempotency-key': 'confirm-19' },
};
await emulator('POST', '/faults', { rule: 'brandpay.confirm after_commit close' });
check('brandpay: a lost answer', await brandpay('POST', '/v1/brandpay/payments/confirm', confirm).catch(() => 'lost'), 'lost');
check('brandpay: the same request again', (await brandpay('POST', '/v1/brandpay/payments/confirm', confirm)).status, 'DONE');
const cancel = { body: { cancelReason: '고객 변심', cancelAmount: 3000 }, headers: { 'idempotency-key': 'cancel-19' } };
check('brandpay: a part of it back', (await brandpay('POST', '/v1/payments/emu-node/cancel', cancel)).balanceAmount, 7000);
check('brandpay: a lookup', (await brandpay('GET', '/v1/payments/emu-node')).status, 'PARTIAL_CANCELED');

// Without a certificate, or with one from elsewhere, the handshake fails.
const stranger = await toss(`${login}/login-me`, { identity: {} }).catch(() => 'refused');
check('refused without a certificate', stranger, 'refused');
const folder = dirname(env.AIT_CERT_FILE);
const theirs = { cert: readFileSync(`${folder}/foreign-client.crt`), key: readFileSync(`${folder}/foreign-client.key`) };
const foreign = await toss(`${login}/login-me`, { identity: theirs }).catch(() => 'refused');
check('refused with a foreign certificate', foreign, 'refused');

const { violations } = await emulator('GET', '/invariants');
check('the money adds up', violations, []);
console.log('end');
