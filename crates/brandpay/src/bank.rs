//! Banks and securities companies.

use ait_core::open_enum;

open_enum! {
    /// A bank or a securities company: `bankCode` (official code page). Two characters; the three digits of payouts are
    /// others. **Not a [`CardCompany`](crate::CardCompany)**: the same code means another company there.
    pub enum Bank {
        /// KDB, Korea Development Bank.
        Kdb = "02" => "산업",
        /// IBK, Industrial Bank of Korea.
        Ibk = "03" => "기업",
        /// KB Kookmin Bank.
        Kookmin = "06" => "국민",
        /// Suhyup Bank.
        Suhyup = "07" => "수협",
        /// NH Nonghyup Bank.
        Nonghyup = "11" => "농협",
        /// The local Nonghyup.
        LocalNonghyup = "12" => "단위농협",
        /// Woori Bank.
        Woori = "20" => "우리",
        /// SC First Bank.
        Sc = "23" => "SC제일",
        /// Citibank.
        Citi = "27" => "씨티",
        /// Daegu Bank, now iM Bank.
        Daegu = "31" => "대구",
        /// Busan Bank.
        Busan = "32" => "부산",
        /// Gwangju Bank.
        Gwangju = "34" => "광주",
        /// Jeju Bank.
        Jeju = "35" => "제주",
        /// Jeonbuk Bank.
        Jeonbuk = "37" => "전북",
        /// Gyeongnam Bank.
        Gyeongnam = "39" => "경남",
        /// MG Saemaul Geumgo.
        Saemaul = "45" => "새마을",
        /// Shinhyup.
        Shinhyup = "48" => "신협",
        /// The savings banks.
        SavingsBank = "50" => "저축",
        /// HSBC.
        Hsbc = "54" => "HSBC",
        /// Sanlim Johap.
        Sanlim = "64" => "산림",
        /// The post office.
        PostOffice = "71" => "우체국",
        /// Hana Bank.
        Hana = "81" => "하나",
        /// Shinhan Bank.
        Shinhan = "88" => "신한",
        /// K Bank.
        Kbank = "89" => "케이",
        /// Kakao Bank.
        KakaoBank = "90" => "카카오",
        /// Toss Bank.
        TossBank = "92" => "토스",
        /// Yuanta Securities.
        YuantaSecurities = "S0" => "유안타증권",
        /// Shinhan Securities.
        ShinhanSecurities = "S2" => "신한금융투자",
        /// Samsung Securities.
        SamsungSecurities = "S3" => "삼성증권",
        /// KB Securities.
        KbSecurities = "S4" => "KB증권",
        /// Mirae Asset Securities.
        MiraeAssetSecurities = "S5" => "미래에셋증권",
        /// Korea Investment Securities.
        KoreaInvestmentSecurities = "S6" => "한국투자증권",
        /// Kyobo Securities.
        KyoboSecurities = "S8" => "교보증권",
        /// Hi Investment Securities.
        HiSecurities = "S9" => "하이투자증권",
        /// Hyundai Motor Securities.
        HyundaiMotorSecurities = "SA" => "현대차증권",
        /// Kiwoom Securities.
        KiwoomSecurities = "SB" => "키움증권",
        /// SK Securities.
        SkSecurities = "SD" => "SK증권",
        /// Daishin Securities.
        DaishinSecurities = "SE" => "대신증권",
        /// Hanwha Securities.
        HanwhaSecurities = "SG" => "한화투자증권",
        /// Hana Securities.
        HanaSecurities = "SH" => "하나금융투자",
        /// DB Securities.
        DbSecurities = "SI" => "DB금융투자",
        /// Eugene Securities.
        EugeneSecurities = "SJ" => "유진투자증권",
        /// Meritz Securities.
        MeritzSecurities = "SK" => "메리츠증권",
        /// NH Securities.
        NhSecurities = "SL" => "NH투자증권",
        /// Bookook Securities.
        BookookSecurities = "SM" => "부국증권",
        /// Shinyoung Securities.
        ShinyoungSecurities = "SN" => "신영증권",
        /// LIG Securities.
        LigSecurities = "SO" => "LIG투자증권",
        /// Daol Securities, formerly KTB.
        DaolSecurities = "SP" => "다올투자증권",
        /// Kakao Pay Securities.
        KakaoPaySecurities = "SQ" => "카카오페이증권",
        /// Fund Online Korea.
        FundOnlineKorea = "SR" => "펀드온라인코리아",
        /// Toss Securities.
        TossSecurities = "ST" => "토스증권",
    }
}
