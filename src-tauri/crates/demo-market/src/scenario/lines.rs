//! What people, goods and places are called in the scenario, and what people say.

use crate::people::{self, Person};

/// Something that is sold.
#[derive(Debug)]
pub(crate) struct Product {
    /// In Traditional Chinese.
    pub(crate) name: &'static str,
    /// In English.
    pub(crate) english_name: &'static str,
    /// In New Taiwan dollars.
    pub(crate) price: u64,
}

const fn product(name: &'static str, english_name: &'static str, price: u64) -> Product {
    Product { name, english_name, price }
}

pub(crate) const PRODUCTS: [Product; 12] = [
    product("凍頂烏龍茶 150g", "Dong Ding Oolong 150 g", 680),
    product("阿里山高山金萱 100g", "Alishan Jin Xuan 100 g", 520),
    product("日月潭紅玉紅茶 75g", "Ruby Black Tea from Sun Moon Lake 75 g", 450),
    product("東方美人茶禮盒", "Oriental Beauty gift box", 1_880),
    product("手作鳳梨酥（12 入）", "Pineapple cakes (box of 12)", 420),
    product("台南關廟手工麵", "Guanmiao hand-made noodles", 180),
    product("鶯歌手拉坯茶壺", "Yingge hand-thrown teapot", 2_400),
    product("蜂蜜龍眼乾 300g", "Honey longan 300 g", 260),
    product("烏魚子（約 180g）", "Mullet roe (about 180 g)", 1_250),
    product("純棉帆布提袋", "Cotton canvas tote", 350),
    product("羊毛氈杯墊（4 入）", "Felt coasters (set of 4)", 240),
    product("有機愛文芒果乾", "Organic dried Irwin mango", 220),
];

/// Someone who buys or sells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Party {
    /// The user id.
    pub(crate) id: u64,
    name: &'static str,
    english_name: &'static str,
}

impl Party {
    /// What they are called in the language of a story.
    pub(crate) fn name(self, english: bool) -> &'static str {
        if english { self.english_name } else { self.name }
    }
}

/// Of a Chinese text and an English one, that in the story's language.
pub(super) fn in_language(english: bool, both: (&'static str, &'static str)) -> &'static str {
    if english { both.1 } else { both.0 }
}

const fn person(person: &Person) -> Party {
    Party { id: person.id, name: person.name, english_name: person.english_name }
}

const fn party(id: u64, name: &'static str, english_name: &'static str) -> Party {
    Party { id, name, english_name }
}

pub(crate) const BUYERS: [Party; 6] = [
    person(&people::BUYER),
    person(&people::CAREFUL_BUYER),
    party(1018, "黃雅婷", "Ya-Ting Huang"),
    party(1027, "吳建宏", "Chien-Hung Wu"),
    party(1033, "劉佳穎", "Chia-Ying Liu"),
    party(1040, "周柏翰", "Po-Han Chou"),
];

/// The shop that the demo's seller signs in as.
pub(crate) const OWN_SHOP: Party = person(&people::SELLER);

pub(crate) const SHOPS: [Party; 4] = [
    OWN_SHOP,
    party(4008, "府城手作", "Fucheng Handmade"),
    party(4035, "山間選物", "Between Hills"),
    party(4052, "港邊小舖", "Harbour Corner"),
];

pub(crate) const PLACES: [(&str, &str); 6] = [
    ("臺北市大安區永康街 31 巷 12 號", "No. 12, Lane 31, Yongkang St., Da'an, Taipei"),
    ("新北市板橋區文化路一段 188 號 6 樓", "6F, No. 188, Sec. 1, Wenhua Rd., Banqiao"),
    ("臺北市大同區迪化街一段 95 號", "No. 95, Sec. 1, Dihua St., Datong, Taipei"),
    ("桃園市中壢區中正路 402 號", "No. 402, Zhongzheng Rd., Zhongli, Taoyuan"),
    ("臺北市信義區松仁路 58 號", "No. 58, Songren Rd., Xinyi, Taipei"),
    ("新北市永和區竹林路 71 號", "No. 71, Zhulin Rd., Yonghe"),
];

pub(crate) const CITIES: [(&str, &str); 4] = [
    ("高雄市", "Kaohsiung"),
    ("臺中市", "Taichung"),
    ("大阪", "Osaka"),
    ("阿姆斯特丹", "Amsterdam"),
];

pub(crate) const DEVICES: [&str; 4] =
    ["Chrome · Windows 11", "Safari · iPhone", "Firefox · Ubuntu", "Edge · Windows 10"];

/// What buyers ask and shops answer.
pub(crate) const TALKS: [(&str, &str); 7] = [
    ("請問這款茶是今年春茶嗎？", "是的，今年四月採收，真空包裝，可以放心購買。"),
    ("可以改寄到超商取貨嗎？", "可以喔！請提供門市名稱，我們馬上幫您更改。"),
    ("禮盒能附手寫卡片嗎？\n想寫：「生日快樂，身體健康」", "沒問題，卡片免費，我們會用毛筆寫 🙂"),
    ("昨天下的單什麼時候會寄出？", "今天下午三點前會交給配送員，最快明天送達。"),
    ("茶壺的出水順不順？會不會滴漏？", "老闆試過了，斷水俐落不滴漏，附試水影片給您。"),
    ("Hi, do you ship to Hualien?", "Yes, two working days. Free over NT$800."),
    ("Is the mango without added sugar?", "No sugar added: only fruit. Best within three months."),
];

/// Notices: title, content, type, link, urgent.
pub(crate) const NOTICES: [(&str, &str, &str, &str, bool); 7] = [
    (
        "中秋檔期報名開始",
        "即日起至 9 月 5 日開放賣家報名中秋主題活動，名額有限。",
        "PROMOTION",
        "/promotions/mid-autumn",
        false,
    ),
    (
        "您有一則新的評價",
        "「包裝用心，茶香濃郁，老闆回覆也很快。」五顆星",
        "REVIEW",
        "/store/reviews",
        false,
    ),
    (
        "附近有人在找您賣的商品",
        "3 公里內有 2 位買家發出「手工茶壺」的需求。",
        "DEMAND",
        "/demands",
        false,
    ),
    (
        "發票已開立",
        "您上月消費的電子發票已開立，可至會員中心下載。",
        "SYSTEM",
        "/account/invoices",
        false,
    ),
    (
        "Your weekly summary is ready",
        "18 orders, NT$21,460, and four new reviews. Well done.",
        "SYSTEM",
        "/reports/weekly",
        false,
    ),
    (
        "爭議案件即將逾期",
        "案件將於 6 小時後自動結案，請儘速回覆買家。",
        "DISPUTE",
        "/disputes",
        true,
    ),
    (
        "颱風天停止配送",
        "受颱風影響，今日 18:00 起北部地區暫停配送，恢復時間另行通知。",
        "DELIVERY",
        "/news/typhoon",
        true,
    ),
];
