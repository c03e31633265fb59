//! Alerts as a busy market's member gets them, in both languages. Every one is a function of its
//! number, so that each run has the same.

use agora_inbox::{Category, NewAlert, Notice, Words};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// Changes with what the alerts say: files with others are made anew.
pub(crate) const EDITION: u32 = 1;

/// The newest alert's time: 2026-11-01, in milliseconds since the Unix epoch. Each older one came
/// 97 s earlier, which spreads a million over three years.
pub(crate) const NEWEST_MS: i64 = 1_793_491_200_000;
pub(crate) const EVERY_MS: i64 = 97_000;

/// A phrase that few alerts have, of letters that very many have.
pub(crate) const RARE_PHRASE: &str = "單品茶";
/// How many have it.
const RARE: u32 = 5;
/// A phrase that none has, though very many have each pair of its letters.
pub(crate) const ABSENT_PHRASE: &str = "手工茶杯";

const PRODUCTS: [(&str, &str); 10] = [
    ("Hand-made teapot", "手工茶壺"),
    ("Ceramic tea cup", "陶瓷茶杯"),
    ("iPhone 17 case, black", "iPhone 17 手機殼（黑色）"),
    ("Alishan oolong, 150 g", "阿里山烏龍茶 150 公克"),
    ("Canvas shoulder bag", "帆布側背包"),
    ("Wireless earphones", "無線藍牙耳機"),
    ("Children's raincoat", "兒童雨衣"),
    ("Desk lamp with dimmer", "可調光檯燈"),
    ("Pineapple cakes, box of 12", "鳳梨酥禮盒 12 入"),
    ("Mountain bike tyre", "登山車外胎"),
];
const PEOPLE: [&str; 8] =
    ["王小明", "陳怡君", "林志豪", "Mia Chen", "張雅婷", "Kevin Lin", "黃俊傑", "吳佩珊"];
const PLACES: [&str; 6] = [
    "台北市大安區和平東路",
    "新北市板橋區文化路",
    "台中市西屯區",
    "高雄市左營區",
    "Taoyuan",
    "台南市東區",
];

/// The number of an order; three alerts in a row are about one.
pub(crate) fn order(n: u32) -> u32 {
    20_400_000 + n / 3
}

/// What an alert is about.
struct Facts {
    order: u32,
    amount: String,
    product_en: &'static str,
    product_zh: &'static str,
    person: &'static str,
    place: &'static str,
}

/// Alert `n` of `count`, the oldest first.
pub(crate) fn alert(n: u32, count: u32) -> NewAlert {
    let random = &mut StdRng::seed_from_u64(n.into());
    let (product_en, product_zh) = *PRODUCTS.choose(random).unwrap_or(&PRODUCTS[0]);
    let person = *PEOPLE.choose(random).unwrap_or(&PEOPLE[0]);
    let place = *PLACES.choose(random).unwrap_or(&PLACES[0]);
    let amount = format!("NT${},{:03}", random.random_range(1..90), random.random_range(0..1000));
    let facts = Facts { order: order(n), amount, product_en, product_zh, person, place };
    let (category, kind, title, mut content) = words(random.random_range(0..10), &facts);
    let Facts { order, amount, .. } = facts;
    // The others are as far apart as can be.
    if n % (count / RARE) == count / RARE / 2 {
        content = content.map(|text| format!("{text}\n附贈{RARE_PHRASE}一包"));
    }
    let [title_en, title_zh] = title;
    let [content_en, content_zh] = content;
    NewAlert {
        at_ms: NEWEST_MS - EVERY_MS * i64::from(count - n),
        event: kind.into(),
        kind: kind.into(),
        category,
        urgent: category == Category::Security && random.random_bool(0.2),
        raw: format!(
            r#"{{"type":"{kind}","orderNumber":"{order}","productName":"{product_zh}","userName":"{person}","amount":"{amount}","address":"{place}"}}"#
        ),
        title: Words::by_tag(title_en, [("zh-TW", title_zh)]),
        content: Words::by_tag(content_en, [("zh-TW", content_zh)]),
        fields: format!("#{order}\n{product_zh}\n{amount}\n{person}\n{place}"),
        link: Some(format!("/orders/{order}")),
        event_id: None,
        notice: Notice::None,
        toast: None,
    }
}

/// Category, kind, title and content, in English and Chinese.
fn words(which: u32, facts: &Facts) -> (Category, &'static str, [String; 2], [String; 2]) {
    let Facts { order, amount, product_en, product_zh, person, place } = facts;
    match which {
        0 | 1 => (
            Category::Orders,
            "ORDER_CREATED",
            [
                format!("Order #{order} was placed: {amount}"),
                format!("訂單 #{order} 已成立，{amount}"),
            ],
            [
                format!("{product_en} · Quantity 1 · {person}"),
                format!("{product_zh}・數量 1・{person}"),
            ],
        ),
        2 | 3 => (
            Category::Orders,
            "ORDER_SHIPPED",
            [format!("Order #{order} shipped"), format!("訂單 #{order} 已出貨")],
            [
                format!("{product_en} · Expected tomorrow before noon"),
                format!("{product_zh}・預計明天中午前送達，請留意手機簡訊"),
            ],
        ),
        4 => (
            Category::Orders,
            "REFUND_REQUESTED",
            [
                format!("Refund of {amount} asked for, order #{order}"),
                format!("訂單 #{order} 申請退款 {amount}"),
            ],
            [
                format!("The item is not as described · {product_en} · {person}"),
                format!("商品與描述不符・{product_zh}・{person}"),
            ],
        ),
        5 => (
            Category::Delivery,
            "NEW_DELIVERY_ORDER",
            [
                format!("New delivery: order #{order}, NT$65"),
                format!("新外送單：訂單 #{order}，外送費 NT$65"),
            ],
            [
                format!("Drop-off: {place} · 2.4 km\nOpen it in the market to accept it."),
                format!("送達：{place}・2.4 公里\n請到市集查看並接單。"),
            ],
        ),
        6 => (
            Category::Money,
            "BALANCE_INCREASED",
            [format!("Balance +{amount}"), format!("餘額增加 {amount}")],
            [format!("Sale · Order #{order}"), format!("商品售出・訂單 #{order}")],
        ),
        7 => (
            Category::Chat,
            "CHAT_MESSAGE",
            [format!("Message from {person}"), format!("{person} 傳來訊息")],
            std::array::from_fn(|_| format!("請問{product_zh}還有現貨嗎？可以寄到{place}嗎，謝謝")),
        ),
        8 => (
            Category::Products,
            "PRODUCT_LOW_STOCK",
            [format!("Low stock: {product_en}"), format!("庫存不足：{product_zh}")],
            ["3 left".into(), "剩餘 3 件".into()],
        ),
        _ => (
            Category::Security,
            "USER_LOGIN",
            [format!("Signed in from {place}"), format!("從{place}登入")],
            std::array::from_fn(|_| "Chrome 142 · Windows · 203.0.113.7".into()),
        ),
    }
}
