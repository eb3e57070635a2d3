// A day of a shop, told by Go's standard library. It knows nothing but the environment that the emulator prints:
//
//	ait-emulator exec -- go run journey.go
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"syscall"
)

const (
	user      = 443731104
	promotion = "01JPPJ6SB66BQXXDAKRQZ6SZD7"
)

var (
	asUser   = http.Header{"x-toss-user-key": {fmt.Sprint(user)}}
	shop     = client(os.Getenv("AIT_CERT_FILE"), os.Getenv("AIT_KEY_FILE"))
	stranger = client("", "")
	failed   = false
)

// object is what the shop writes, and the parts of an answer that it reads.
type object map[string]any

type answer struct {
	ResultType string
	Success    json.RawMessage
	Error      json.RawMessage
}

// client trusts the authority in AIT_CA_FILE only, and shows the certificate if it has one.
func client(certificate, key string) *http.Client {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(must(os.ReadFile(os.Getenv("AIT_CA_FILE"))))
	config := &tls.Config{RootCAs: pool}
	if certificate != "" {
		config.Certificates = []tls.Certificate{must(tls.LoadX509KeyPair(certificate, key))}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = config
	return &http.Client{Transport: transport}
}

// send writes a body, if there is one, and reads the answer into a value. Names in headers stay as they are given.
func send(client *http.Client, method, url string, body object, headers http.Header, into any) error {
	var content io.Reader
	if body != nil {
		content = bytes.NewReader(must(json.Marshal(body)))
	}
	request := must(http.NewRequest(method, url, content))
	request.Header.Set("Content-Type", "application/json")
	for name, values := range headers {
		request.Header[name] = values
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// To its end: only then is the connection used again.
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// toss calls Apps in Toss or Toss Pay.
func toss(url string, body object, headers http.Header) (answer, error) {
	var found answer
	method := http.MethodPost
	if body == nil {
		method = http.MethodGet
	}
	err := send(shop, method, url, body, headers, &found)
	return found, err
}

func brandpay(method, path string, body object, headers http.Header) object {
	secret := base64.StdEncoding.EncodeToString([]byte(os.Getenv("BRANDPAY_SECRET_KEY") + ":"))
	with := http.Header{"Authorization": {"Basic " + secret}}
	for name, values := range headers {
		with[name] = values
	}
	var found object
	try(send(stranger, method, os.Getenv("BRANDPAY_BASE_URL")+path, body, with, &found))
	return found
}

func emulator(method, path string, body object) object {
	var found object
	url := os.Getenv("AIT_EMULATOR_CONTROL_URL") + "/_ctl/v1" + path
	try(send(http.DefaultClient, method, url, body, nil, &found))
	if wrong, ok := found["error"]; ok {
		log.Fatalf("%s %s: %v", method, path, wrong)
	}
	return found
}

func try(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	try(err)
	return value
}

// as reads a part of an answer. What is not there is empty.
func as[T any](part json.RawMessage) (value T) {
	_ = json.Unmarshal(part, &value)
	return value
}

func check(name string, got, wanted any) {
	if reflect.DeepEqual(got, wanted) {
		fmt.Println("ok  ", name)
		return
	}
	failed = true
	fmt.Printf("FAIL %s: expected %#v, got %#v\n", name, wanted, got)
}

// decrypt takes IV, text and tag in a row, in Base64.
func decrypt(sealed string) string {
	octets := must(base64.StdEncoding.DecodeString(sealed))
	key := must(base64.StdEncoding.DecodeString(os.Getenv("AIT_DECRYPTION_KEY")))
	gcm := must(cipher.NewGCM(must(aes.NewCipher(key))))
	return string(must(gcm.Open(nil, octets[:12], octets[12:], []byte(os.Getenv("AIT_DECRYPTION_AAD")))))
}

func main() {
	// What the console and the app store would have done before.
	emulator("PUT", "/templates/order-ready", object{"variables": []string{"storeName"}})
	emulator("PUT", "/orders/order-7", object{"sku": "ait.coffee.10", "status": "PURCHASED"})
	emulator("PUT", fmt.Sprintf("/users/%d", user), object{"name": "홍길동"})

	base := os.Getenv("AIT_BASE_URL") + "/api-partner/v1/apps-in-toss"
	login(base + "/user/oauth2")
	points(base + "/promotion")
	payments(os.Getenv("AIT_PAY_BASE_URL") + "/api-partner/v1/apps-in-toss/pay")

	// An order in the app, and a message.
	order := must(toss(base+"/order/get-order-status", object{"orderId": "order-7"}, asUser))
	check("an order", as[struct{ Status string }](order.Success).Status, "PURCHASED")
	message := object{"templateSetCode": "order-ready", "context": object{"storeName": "예시 상점"}}
	sent := must(toss(base+"/messenger/send-message", message, asUser))
	check("a message", as[struct{ SentPushCount int }](sent.Success).SentPushCount, 1)

	cards()

	// Without a certificate, or with one from elsewhere, the handshake fails.
	check("refused without a certificate", refused(base, stranger), true)
	folder := filepath.Dir(os.Getenv("AIT_CERT_FILE"))
	foreign := client(filepath.Join(folder, "foreign-client.crt"), filepath.Join(folder, "foreign-client.key"))
	check("refused with a foreign certificate", refused(base, foreign), true)

	check("the money adds up", emulator("GET", "/invariants", nil)["violations"], []any{})
	fmt.Println("end")
	if failed {
		os.Exit(1)
	}
}

// refused asks with a certificate that does not do. An alert of the server is a "remote error".
func refused(base string, client *http.Client) bool {
	var alert *net.OpError
	err := send(client, http.MethodGet, base+"/user/oauth2/login-me", nil, nil, &answer{})
	return errors.As(err, &alert) && alert.Op == "remote error"
}

// login: in the app, appLogin() gives the code; a code emu-<userKey>-<anything> logs that user in.
func login(base string) {
	type tokens struct{ TokenType, AccessToken, RefreshToken string }
	code := object{"authorizationCode": fmt.Sprintf("emu-%d-go", user), "referrer": "DEFAULT"}
	first := as[tokens](must(toss(base+"/generate-token", code, nil)).Success)
	check("a code for tokens", first.TokenType, "Bearer")
	again := must(toss(base+"/generate-token", code, nil))
	check("the same code again", as[string](again.Error), "invalid_grant")
	refresh := object{"refreshToken": first.RefreshToken}
	fresh := as[tokens](must(toss(base+"/refresh-token", refresh, nil)).Success)
	bearer := http.Header{"Authorization": {"Bearer " + fresh.AccessToken}}
	profile := as[struct {
		UserKey int
		Name    string
	}](must(toss(base+"/login-me", nil, bearer)).Success)
	check("the profile", profile.UserKey, user)
	check("the name in it, decrypted", decrypt(profile.Name), "홍길동")
}

// points: a key, and a grant under it whose answer is lost. Granting again under the same key is refused, so ask.
func points(base string) {
	key := as[struct{ Key string }](must(toss(base+"/execute-promotion/get-key", object{}, asUser)).Success).Key
	grant := object{"promotionCode": promotion, "key": key, "amount": 10}
	emulator("POST", "/faults", object{"rule": "promotion.execute_promotion after_commit reset"})
	_, lost := toss(base+"/execute-promotion", grant, asUser)
	check("a grant, and its answer lost", errors.Is(lost, syscall.ECONNRESET), true)
	again := must(toss(base+"/execute-promotion", grant, asUser))
	check("the same grant again", as[struct{ ErrorCode string }](again.Error).ErrorCode, "4113")
	question := object{"promotionCode": promotion, "key": key}
	result := must(toss(base+"/execution-result", question, asUser))
	check("the points have arrived", as[string](result.Success), "SUCCESS")
}

func payments(base string) {
	type paid struct{ Amount, RefundedAmount int }
	status := func(of object) string {
		found := must(toss(base+"/get-payment-status", of, asUser))
		return as[struct{ PayStatus string }](found.Success).PayStatus
	}
	approved := func(orderNo string) object {
		order := object{"orderNo": orderNo, "productDesc": "아메리카노", "amount": 4500, "amountTaxFree": 0}
		order["isTestPayment"] = true
		made := as[struct{ PayToken string }](must(toss(base+"/make-payment", order, asUser)).Success)
		return object{"payToken": made.PayToken, "isTestPayment": true}
	}

	// A payment and its refund.
	first := approved("2026-000017")
	check("a payment", as[paid](must(toss(base+"/execute-payment", first, asUser)).Success).Amount, 4500)
	check("its status", status(first), "PAY_COMPLETE")
	refund := object{"payToken": first["payToken"], "reason": "단순변심", "isTestPayment": true}
	back := as[paid](must(toss(base+"/refund-payment", refund, asUser)).Success)
	check("its refund", back.RefundedAmount, 4500)

	// A payment that is taken, and whose answer is lost. Do not pay again: ask.
	second := approved("2026-000018")
	emulator("POST", "/faults", object{"rule": "tosspay.execute_payment after_commit reset"})
	_, lost := toss(base+"/execute-payment", second, asUser)
	check("a lost answer", errors.Is(lost, syscall.ECONNRESET), true)
	check("it was paid", status(object{"orderNo": "2026-000018", "isTestPayment": true}), "PAY_COMPLETE")

	// The same by data alone: the order number asks for the fault, before anything is done.
	third := approved("order-19--emu-execute_payment-before_commit-close")
	_, lost = toss(base+"/execute-payment", third, asUser)
	check("a lost request", errors.Is(lost, io.EOF), true)
	check("it was not paid", status(third), "PAY_APPROVED")
	check("so pay it", as[paid](must(toss(base+"/execute-payment", third, asUser)).Success).Amount, 4500)
}

// cards plays BrandPay. A payment key emu-<anything> stands for a buyer who has authenticated in the payment window.
func cards() {
	scope, termsId := []string{"REGISTER", "CARD"}, []int{1, 2, 3, 4, 5}
	terms := object{"customerKey": "customer-1", "scope": scope, "termsId": termsId}
	agreed := brandpay("POST", "/v1/brandpay/terms/agree", terms, nil)
	exchange := object{"grantType": "AuthorizationCode", "customerKey": "customer-1", "code": agreed["code"]}
	token := brandpay("POST", "/v1/brandpay/authorizations/access-token", exchange, nil)
	check("brandpay: a token", token["tokenType"], "bearer")
	bearer := http.Header{"Authorization": {fmt.Sprint("Bearer ", token["accessToken"])}}
	methods := brandpay("GET", "/v1/brandpay/payments/methods", nil, bearer)
	cards, _ := methods["cards"].([]any)
	check("brandpay: the methods", len(cards), 1)

	// On a connection that was used before, net/http sends a request with an Idempotency-Key once more by itself. The
	// key makes that right.
	confirm := object{"paymentKey": "emu-go", "orderId": "2026-000019", "amount": 10000, "customerKey": "customer-1"}
	key := http.Header{"Idempotency-Key": {"confirm-19"}}
	emulator("POST", "/faults", object{"rule": "brandpay.confirm after_commit close"})
	confirmed := brandpay("POST", "/v1/brandpay/payments/confirm", confirm, key)
	check("brandpay: a lost answer, and sent again by net/http", confirmed["status"], "DONE")
	again := brandpay("POST", "/v1/brandpay/payments/confirm", confirm, key)
	check("brandpay: the same request again", again["status"], "DONE")
	cancel := object{"cancelReason": "고객 변심", "cancelAmount": 3000}
	left := brandpay("POST", "/v1/payments/emu-go/cancel", cancel, http.Header{"Idempotency-Key": {"cancel-19"}})
	check("brandpay: a part of it back", left["balanceAmount"], 7000.0)
	check("brandpay: a lookup", brandpay("GET", "/v1/payments/emu-go", nil, nil)["status"], "PARTIAL_CANCELED")
}
