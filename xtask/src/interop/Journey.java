// A day of a shop, told by the JDK, 17 or newer. It knows nothing but the environment that the emulator prints:
//
//   ait-emulator exec -- java -Dfile.encoding=UTF-8 Journey.java
import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

class Journey {
    static final Map<String, String> ENV = System.getenv();
    static final String USER = "443731104";
    static final String PROMOTION = "01JPPJ6SB66BQXXDAKRQZ6SZD7";
    static final String[] AS_USER = {"x-toss-user-key", USER};
    static final String[] AS_NOBODY = {};
    static boolean failed = false;

    final String base = ENV.get("AIT_BASE_URL") + "/api-partner/v1/apps-in-toss";
    final String pay = ENV.get("AIT_PAY_BASE_URL") + "/api-partner/v1/apps-in-toss/pay";
    final Path folder = Path.of(ENV.get("AIT_CERT_FILE")).getParent();
    final SSLContext identity = tls(Path.of(ENV.get("AIT_CERT_FILE")), Path.of(ENV.get("AIT_KEY_FILE")));
    final HttpClient shop = client(identity);
    final HttpClient stranger = client(tls(null, null));

    Journey() throws Exception {}

    // It trusts the authority in AIT_CA_FILE only, and shows the certificate if it has one.
    static SSLContext tls(Path certificate, Path key) throws GeneralSecurityException, IOException {
        var trusted = emptyStore();
        trusted.setCertificateEntry("authority", certificate(Path.of(ENV.get("AIT_CA_FILE"))));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var own = emptyStore();
        if (certificate != null) {
            var shown = certificate(certificate);
            var pem = Files.readString(key).replaceAll("-----.*-----", "");
            var octets = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem));
            var secret = KeyFactory.getInstance(shown.getPublicKey().getAlgorithm()).generatePrivate(octets);
            own.setKeyEntry("client", secret, new char[0], new Certificate[] {shown});
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        var tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    static Certificate certificate(Path file) throws GeneralSecurityException, IOException {
        try (var pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    // A body of null is none.
    static String send(HttpClient client, String method, String url, String body, String... headers) throws Exception {
        var content = body == null ? noBody() : ofString(body);
        var request = HttpRequest.newBuilder(URI.create(url)).method(method, content);
        request.header("content-type", "application/json");
        if (headers.length > 0) request.headers(headers);
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    // Apps in Toss and Toss Pay.
    String toss(String url, String body, String... headers) throws Exception {
        return send(shop, body == null ? "GET" : "POST", url, body, headers);
    }

    String brandpay(String method, String path, String body, String... headers) throws Exception {
        var secret = Base64.getEncoder().encodeToString((ENV.get("BRANDPAY_SECRET_KEY") + ":").getBytes(UTF_8));
        var all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "authorization";
        all[headers.length + 1] = "Basic " + secret;
        return send(stranger, method, ENV.get("BRANDPAY_BASE_URL") + path, body, all);
    }

    String emulator(String method, String path, String body) throws Exception {
        var url = ENV.get("AIT_EMULATOR_CONTROL_URL") + "/_ctl/v1" + path;
        var answer = send(stranger, method, url, body);
        if (answer.startsWith("{\"error\"")) throw new IOException(method + " " + path + ": " + answer);
        return answer;
    }

    // A text or a number in an answer. A real shop takes a JSON parser, which the JDK has not.
    static String part(String answer, String name) {
        var member = Pattern.compile("\"" + name + "\":(?:\"([^\"]*)\"|([0-9]+))").matcher(answer);
        if (!member.find()) return "no " + name + " in " + answer;
        return member.group(1) == null ? member.group(2) : member.group(1);
    }

    static void check(String name, String got, String wanted) {
        var same = Objects.equals(got, wanted);
        failed |= !same;
        System.out.println(same ? "ok   " + name : "FAIL " + name + ": expected " + wanted + ", got " + got);
    }

    interface Call {
        String play() throws Exception;
    }

    // What comes of a call that may have no answer.
    static String outcome(Call call) throws Exception {
        try {
            return call.play();
        } catch (SSLException refused) {
            return "refused";
        } catch (IOException lost) {
            return "no answer";
        }
    }

    // IV, text and tag in a row, in Base64.
    static String decrypt(String sealed) throws GeneralSecurityException {
        var octets = Base64.getDecoder().decode(sealed);
        var key = new SecretKeySpec(Base64.getDecoder().decode(ENV.get("AIT_DECRYPTION_KEY")), "AES");
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, octets, 0, 12));
        cipher.updateAAD(ENV.get("AIT_DECRYPTION_AAD").getBytes(UTF_8));
        return new String(cipher.doFinal(octets, 12, octets.length - 12), UTF_8);
    }

    public static void main(String[] arguments) throws Exception {
        new Journey().play();
        System.out.println("end");
        System.exit(failed ? 1 : 0);
    }

    void play() throws Exception {
        // What the console and the app store would have done before.
        emulator("PUT", "/templates/order-ready", "{\"variables\":[\"storeName\"]}");
        emulator("PUT", "/orders/order-7", "{\"sku\":\"ait.coffee.10\",\"status\":\"PURCHASED\"}");
        emulator("PUT", "/users/" + USER, "{\"name\":\"홍길동\"}");

        login(base + "/user/oauth2");
        points(base + "/promotion");
        payments();

        // An order in the app, and a message.
        var order = toss(base + "/order/get-order-status", "{\"orderId\":\"order-7\"}", AS_USER);
        check("an order", part(order, "status"), "PURCHASED");
        var message = "{\"templateSetCode\":\"order-ready\",\"context\":{\"storeName\":\"예시 상점\"}}";
        var sent = toss(base + "/messenger/send-message", message, AS_USER);
        check("a message", part(sent, "sentPushCount"), "1");

        cards();

        // Without a certificate, or with one from elsewhere, the handshake fails.
        var me = base + "/user/oauth2/login-me";
        check("refused without a certificate", outcome(() -> send(stranger, "GET", me, null)), "refused");
        var foreign = client(tls(folder.resolve("foreign-client.crt"), folder.resolve("foreign-client.key")));
        check("refused with a foreign certificate", outcome(() -> send(foreign, "GET", me, null)), "refused");

        var sums = emulator("GET", "/invariants", null);
        check("the money adds up", sums.contains("\"violations\":[]") ? "yes" : sums, "yes");
    }

    // In the app, appLogin() gives the code; a code emu-<userKey>-<anything> logs that user in.
    void login(String login) throws Exception {
        var code = "{\"authorizationCode\":\"emu-" + USER + "-java\",\"referrer\":\"DEFAULT\"}";
        var tokens = toss(login + "/generate-token", code);
        check("a code for tokens", part(tokens, "tokenType"), "Bearer");
        check("the same code again", part(toss(login + "/generate-token", code), "error"), "invalid_grant");
        var refresh = "{\"refreshToken\":\"" + part(tokens, "refreshToken") + "\"}";
        var bearer = "Bearer " + part(toss(login + "/refresh-token", refresh), "accessToken");
        var profile = toss(login + "/login-me", null, "authorization", bearer);
        check("the profile", part(profile, "userKey"), USER);
        check("the name in it, decrypted", decrypt(part(profile, "name")), "홍길동");
    }

    // A key, and a grant under it whose answer is lost. Granting again under the same key is refused, so ask.
    void points(String promotion) throws Exception {
        var key = part(toss(promotion + "/execute-promotion/get-key", "{}", AS_USER), "key");
        var question = "\"promotionCode\":\"" + PROMOTION + "\",\"key\":\"" + key + "\"";
        var grant = "{" + question + ",\"amount\":10}";
        emulator("POST", "/faults", "{\"rule\":\"promotion.execute_promotion after_commit reset\"}");
        var lost = outcome(() -> toss(promotion + "/execute-promotion", grant, AS_USER));
        check("a grant, and its answer lost", lost, "no answer");
        var again = toss(promotion + "/execute-promotion", grant, AS_USER);
        check("the same grant again", part(again, "errorCode"), "4113");
        var result = toss(promotion + "/execution-result", "{" + question + "}", AS_USER);
        check("the points have arrived", part(result, "success"), "SUCCESS");
    }

    void payments() throws Exception {
        // A payment and its refund.
        var first = make("2026-000017");
        check("a payment", part(toss(pay + "/execute-payment", first, AS_USER), "amount"), "4500");
        check("its status", status(first), "PAY_COMPLETE");
        var refund = first.replace("}", ",\"reason\":\"단순변심\"}");
        check("its refund", part(toss(pay + "/refund-payment", refund, AS_USER), "refundedAmount"), "4500");

        // A payment that is taken, and whose answer is lost. Do not pay again: ask.
        var second = make("2026-000018");
        emulator("POST", "/faults", "{\"rule\":\"tosspay.execute_payment after_commit reset\"}");
        check("a lost answer", outcome(() -> toss(pay + "/execute-payment", second, AS_USER)), "no answer");
        check("it was paid", status("{\"orderNo\":\"2026-000018\",\"isTestPayment\":true}"), "PAY_COMPLETE");

        // The same by data alone: the order number asks for the fault, before anything is done.
        var third = make("order-19--emu-execute_payment-before_commit-close");
        check("a lost request", outcome(() -> toss(pay + "/execute-payment", third, AS_USER)), "no answer");
        check("it was not paid", status(third), "PAY_APPROVED");
        check("so pay it", part(toss(pay + "/execute-payment", third, AS_USER), "amount"), "4500");

        // By HttpURLConnection, the same looks different: it sends a POST without an answer once more by itself, unless
        // the property sun.net.http.retryPost is false. The second answer says no; the payment was taken all the same.
        var fourth = make("2026-000020");
        emulator("POST", "/faults", "{\"rule\":\"tosspay.execute_payment after_commit reset\"}");
        var refused = part(urlConnection(pay + "/execute-payment", fourth), "errorCode");
        check("a lost answer, and sent again by HttpURLConnection", refused, "PAYMENT_EXISTING_PAYMENT");
        check("that was paid too", status(fourth), "PAY_COMPLETE");
    }

    String make(String orderNo) throws Exception {
        var order = "{\"orderNo\":\"" + orderNo + "\",\"productDesc\":\"아메리카노\",\"amount\":4500,"
            + "\"amountTaxFree\":0,\"isTestPayment\":true}";
        var made = toss(pay + "/make-payment", order, AS_USER);
        return "{\"payToken\":\"" + part(made, "payToken") + "\",\"isTestPayment\":true}";
    }

    String status(String payment) throws Exception {
        return part(toss(pay + "/get-payment-status", payment, AS_USER), "payStatus");
    }

    String urlConnection(String url, String body) throws IOException {
        var connection = (HttpsURLConnection) URI.create(url).toURL().openConnection();
        connection.setSSLSocketFactory(identity.getSocketFactory());
        connection.setRequestProperty("content-type", "application/json");
        connection.setRequestProperty(AS_USER[0], AS_USER[1]);
        connection.setDoOutput(true);
        connection.getOutputStream().write(body.getBytes(UTF_8));
        try (var answer = connection.getInputStream()) {
            return new String(answer.readAllBytes(), UTF_8);
        }
    }

    // BrandPay. A payment key emu-<anything> stands for a buyer who has authenticated in the payment window.
    void cards() throws Exception {
        var terms = "{\"customerKey\":\"customer-1\",\"scope\":[\"REGISTER\",\"CARD\"],\"termsId\":[1,2,3,4,5]}";
        var agreed = part(brandpay("POST", "/v1/brandpay/terms/agree", terms), "code");
        var exchange = "{\"grantType\":\"AuthorizationCode\",\"customerKey\":\"customer-1\",\"code\":\""
            + agreed + "\"}";
        var token = brandpay("POST", "/v1/brandpay/authorizations/access-token", exchange);
        check("brandpay: a token", part(token, "tokenType"), "bearer");
        var url = ENV.get("BRANDPAY_BASE_URL") + "/v1/brandpay/payments/methods";
        var methods = send(stranger, "GET", url, null, "authorization", "Bearer " + part(token, "accessToken"));
        check("brandpay: the methods", methods.contains("\"cards\":[{") ? "a card" : methods, "a card");
        var confirm = "{\"paymentKey\":\"emu-java\",\"orderId\":\"2026-000019\",\"amount\":10000,"
            + "\"customerKey\":\"customer-1\"}";
        Call confirming = () -> brandpay(
            "POST", "/v1/brandpay/payments/confirm", confirm, "idempotency-key", "confirm-19");
        emulator("POST", "/faults", "{\"rule\":\"brandpay.confirm after_commit close\"}");
        check("brandpay: a lost answer", outcome(confirming), "no answer");
        check("brandpay: the same request again", part(confirming.play(), "status"), "DONE");
        var cancel = "{\"cancelReason\":\"고객 변심\",\"cancelAmount\":3000}";
        var left = brandpay("POST", "/v1/payments/emu-java/cancel", cancel, "idempotency-key", "cancel-19");
        check("brandpay: a part of it back", part(left, "balanceAmount"), "7000");
        var found = brandpay("GET", "/v1/payments/emu-java", null);
        check("brandpay: a lookup", part(found, "status"), "PARTIAL_CANCELED");
    }
}
