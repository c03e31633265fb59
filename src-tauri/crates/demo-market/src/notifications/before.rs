//! What the market had stored before it started.

use crate::people;

/// What had happened before, oldest first: user, type, title, content, link.
pub(super) const BEFORE: [(u64, &str, &str, &str, Option<&str>); 9] = [
    (
        people::SELLER.id,
        "REVIEW",
        "收到新的五星評價",
        "「茶湯清香回甘，包裝也很用心，會再回購！」",
        Some("/store/reviews"),
    ),
    (
        people::BUYER.id,
        "PROMOTION",
        "秋茶季全館免運",
        "即日起至本週日，單筆滿 NT$800 即享免運優惠。",
        Some("/promotions/autumn-tea"),
    ),
    (
        people::COURIER.id,
        "DELIVERY",
        "昨日配送結算完成",
        "昨日共完成 14 件配送，收入 NT$1,260 已入帳。",
        Some("/wallet"),
    ),
    (
        people::SELLER.id,
        "DEMAND",
        "有買家在找「阿里山高山茶」",
        "3 位買家在您附近尋找高山茶，要不要上架一款？",
        Some("/demands/318"),
    ),
    (
        people::CAREFUL_BUYER.id,
        "SYSTEM",
        "Welcome to Agora Market",
        "Your account is ready. Two-factor sign-in is on.",
        None,
    ),
    (
        people::BUYER.id,
        "CHAT",
        "林記茶行回覆了您的提問",
        "您好，凍頂烏龍目前都是今年春茶，可以放心購買。",
        Some("/chat/4021"),
    ),
    (
        people::SELLER.id,
        "SECURITY",
        "新裝置登入您的帳號",
        "您的帳號剛從臺北市的 Windows 電腦登入。若非本人，請立即變更密碼。",
        Some("/account/security"),
    ),
    (
        people::ADMINISTRATOR.id,
        "DISPUTE",
        "三件爭議等待處理",
        "其中一件已超過 48 小時未回覆。",
        Some("/admin/disputes"),
    ),
    (
        people::BUYER.id,
        "ORDER",
        "包裹已送達超商",
        "訂單 AG2511038841 已送達全家台北信義門市，請於七日內取貨。",
        Some("/orders/88412"),
    ),
];
