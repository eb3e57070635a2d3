//! Banks.

use ait_core::open_enum;

open_enum! {
    /// The bank behind an account: `accountBankCode`, three digits (official Toss Pay guide, "은행코드 리스트"). The
    /// code is the identity; two banks share a name.
    pub enum Bank {
        /// KDB, Korea Development Bank.
        Kdb = "002" => "KDB산업은행",
        /// IBK, Industrial Bank of Korea.
        Ibk = "003" => "IBK기업은행",
        /// KB Kookmin Bank.
        Kookmin = "004" => "KB국민은행",
        /// KEB Hana Bank, the former Korea Exchange Bank; see also `081`.
        KebHana = "005" => "KEB하나은행",
        /// Suhyup Bank.
        Suhyup = "007" => "수협은행",
        /// NH Nonghyup Bank.
        Nonghyup = "011" => "NH농협은행",
        /// Woori Bank.
        Woori = "020" => "우리은행",
        /// Standard Chartered Bank.
        Sc = "023" => "SC은행",
        /// Citibank.
        Citi = "027" => "씨티은행",
        /// Daegu Bank.
        Daegu = "031" => "대구은행",
        /// Busan Bank.
        Busan = "032" => "부산은행",
        /// Gwangju Bank.
        Gwangju = "034" => "광주은행",
        /// Jeju Bank.
        Jeju = "035" => "제주은행",
        /// Jeonbuk Bank.
        Jeonbuk = "037" => "전북은행",
        /// Gyeongnam Bank.
        Gyeongnam = "039" => "경남은행",
        /// MG Saemaul Geumgo.
        Saemaul = "045" => "MG새마을금고",
        /// Shinhyup.
        Shinhyup = "048" => "신협",
        /// The savings banks.
        SavingsBank = "050" => "저축은행",
        /// Sanlim Johap.
        Sanlim = "064" => "산림조합",
        /// The post office.
        PostOffice = "071" => "우체국",
        /// Hana Bank; see also `005`.
        Hana = "081" => "하나은행",
        /// Shinhan Bank.
        Shinhan = "088" => "신한은행",
        /// K Bank.
        Kbank = "089" => "케이뱅크",
        /// Kakao Bank.
        KakaoBank = "090" => "카카오뱅크",
        /// Toss Bank.
        TossBank = "092" => "토스뱅크",
        /// SBI Savings Bank.
        SbiSavings = "103" => "SBI저축은행",
        /// KB Securities.
        KbSecurities = "218" => "KB증권",
        /// Mirae Asset Securities; the documentation gives `238` the same name.
        MiraeAsset = "230" => "미래에셋증권",
        /// Mirae Asset Securities; the documentation gives `230` the same name.
        MiraeAssetDaewoo = "238" => "미래에셋증권",
        /// Samsung Securities.
        SamsungSecurities = "240" => "삼성증권",
        /// Korea Investment & Securities.
        KoreaInvestment = "243" => "한국투자증권",
        /// NH Investment & Securities.
        NhInvestment = "247" => "NH투자증권",
        /// Kyobo Securities.
        Kyobo = "261" => "교보증권",
        /// Hi Investment & Securities.
        HiInvestment = "262" => "하이투자증권",
        /// Hyundai Motor Securities.
        HyundaiMotorSecurities = "263" => "현대차투자증권",
        /// Kiwoom Securities.
        Kiwoom = "264" => "키움증권",
        /// eBest Securities.
        EBest = "265" => "이베스트증권",
        /// SK Securities.
        SkSecurities = "266" => "SK증권",
        /// Daishin Securities.
        Daishin = "267" => "대신증권",
        /// Hanwha Investment & Securities.
        Hanwha = "269" => "한화투자증권",
        /// Hana Securities.
        HanaSecurities = "270" => "하나증권",
        /// Toss Securities.
        TossSecurities = "271" => "토스증권",
        /// Shinhan Securities.
        ShinhanSecurities = "278" => "신한투자증권",
        /// DB Financial Investment.
        DbFinancial = "279" => "DB금융투자",
        /// Eugene Investment & Securities.
        Eugene = "280" => "유진투자",
        /// Meritz Securities.
        Meritz = "287" => "메리츠증권",
        /// Toss money, which is no bank.
        TossMoney = "888" => "토스머니",
        /// Toss points, which are no bank.
        TossPoint = "889" => "토스포인트",
    }
}
