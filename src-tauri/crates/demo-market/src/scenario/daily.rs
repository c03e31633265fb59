//! Stories of every day: talk, money, the shelf, safety, carts, notices, shops, calls and maintenance.

use serde_json::{Value, json};

use super::dice::Dice;
use super::lines::{BUYERS, CITIES, DEVICES, NOTICES, OWN_SHOP, SHOPS, TALKS, in_language};
use super::step::{ADMINISTRATORS, Audience, BUYER, COURIERS, SELLER, Step, extend, step};

/// A buyer asks, the shop answers.
pub(super) fn chat(dice: &mut Dice) -> Vec<Step> {
    let (question, answer) = dice.one_of(&TALKS);
    let english = question.is_ascii();
    let asking = dice.one_of(&BUYERS);
    let (buyer, shop) = (asking.name(english), OWN_SHOP.name(english));
    let room = dice.between(500, 999);
    let id = dice.between(700_000, 799_999);
    let line = |kind: &str, id: u64, sender_id: u64, sender: &str, content: &str| {
        json!({
            "type": kind,
            "messageId": id,
            "chatRoomId": room,
            "senderId": sender_id,
            "senderName": sender,
            "content": content,
            "messageType": "TEXT",
        })
    };
    let typing = |kind: &str, user_id: u64, name: &str| json!({ "type": kind, "chatRoomId": room, "userId": user_id, "userName": name });
    let (asks, sells) = (asking.id, OWN_SHOP.id);
    // Newer rooms send the whole line, older ones only that there is one.
    let heard = if dice.below(3) == 0 {
        json!({ "type": "NEW_MESSAGE", "chatRoomId": room, "senderName": buyer, "unreadCount": 1 })
    } else {
        line("CHAT_MESSAGE", id, asks, buyer, question)
    };
    vec![
        step(SELLER, typing("USER_TYPING_START", asks, buyer)),
        step(SELLER, heard),
        step(BUYER, json!({ "type": "MESSAGE_SENT", "chatRoomId": room, "messageId": id })),
        step(
            BUYER,
            json!({ "type": "MESSAGE_READ", "chatRoomId": room, "messageId": id, "readerName": shop }),
        ),
        step(BUYER, typing("USER_TYPING_START", sells, shop)),
        step(BUYER, typing("USER_TYPING_STOP", sells, shop)),
        step(BUYER, line("CHAT_MESSAGE", id + 1, sells, shop, answer)),
    ]
}

/// Money comes or goes.
pub(super) fn money(dice: &mut Dice) -> Vec<Step> {
    let amount = dice.between(3, 80) * 100;
    let balance = dice.between(1_000, 40_000);
    let number = format!("TX{}", dice.between(10_000_000, 99_999_999));
    let event = |kind: &str, more: Value| {
        let mut body =
            json!({ "type": kind, "transactionId": number, "amount": amount, "currency": "TWD" });
        extend(&mut body, more);
        body
    };
    match dice.below(4) {
        0 => vec![
            step(
                BUYER,
                event(
                    "RECHARGE_SUCCESS",
                    json!({ "paymentMethod": "LINE Pay", "balance": balance + amount }),
                ),
            ),
            step(
                BUYER,
                event(
                    "BALANCE_DECREASED",
                    json!({ "balance": balance, "reason": "ORDER_PAYMENT" }),
                ),
            ),
            step(BUYER, event("TRANSACTION_COMPLETED", json!({ "status": "COMPLETED" }))),
        ],
        1 => vec![
            step(
                SELLER,
                event(
                    "WITHDRAW_SUCCESS",
                    json!({ "bankAccount": "***-***-4417", "balance": balance }),
                ),
            ),
            step(
                SELLER,
                event("BALANCE_DECREASED", json!({ "balance": balance, "reason": "WITHDRAW" })),
            ),
        ],
        2 => vec![step(
            COURIERS,
            event(
                "WITHDRAW_SUCCESS",
                json!({ "bankAccount": "***-***-0832", "balance": balance / 5 }),
            ),
        )],
        _ => vec![step(
            BUYER,
            event(
                "TRANSACTION_FAILED",
                json!({ "status": "FAILED", "reason": "餘額不足", "balance": amount / 3 }),
            ),
        )],
    }
}

/// Something on a shelf runs out, costs less, comes or goes.
pub(super) fn shelf(dice: &mut Dice) -> Vec<Step> {
    let english = dice.in_english();
    let (product, name) = dice.product(english);
    let id = dice.between(20_000, 29_999);
    let left = dice.between(1, 5);
    let body = match dice.below(5) {
        0 | 1 => {
            return vec![step(
                SELLER,
                json!({ "type": "PRODUCT_LOW_STOCK", "productId": id, "productName": name, "stock": left, "threshold": 5 }),
            )];
        }
        2 => {
            json!({ "type": "PRODUCT_PRICE_CHANGED", "productId": id, "productName": name, "oldPrice": product.price, "newPrice": product.price * 9 / 10, "currency": "TWD" })
        }
        3 => {
            json!({ "type": "PRODUCT_LISTED", "productId": id, "productName": name, "price": product.price, "currency": "TWD", "storeName": dice.one_of(&SHOPS).name(english) })
        }
        _ => json!({ "type": "PRODUCT_DISCONTINUED", "productId": id, "productName": name }),
    };
    vec![step(BUYER, body)]
}

/// Somebody signs in, or tries to.
pub(super) fn security(dice: &mut Dice) -> Vec<Step> {
    let english = dice.in_english();
    let city = in_language(english, dice.one_of(&CITIES));
    let device = dice.one_of(&DEVICES);
    let address = format!("203.0.113.{}", dice.between(2, 250));
    let seen = |kind: &str| json!({ "type": kind, "location": city, "device": device, "ipAddress": address });
    let body = match dice.below(8) {
        0 => seen("USER_LOGIN"),
        1 => seen("LOGIN_ANOMALY"),
        2 => {
            let attempts = dice.between(3, 9);
            let mut body = seen("SUSPICIOUS_LOGIN_ATTEMPT");
            body["attempts"] = json!(attempts);
            return vec![step(Audience::Anyone, body.clone()), step(ADMINISTRATORS, body)];
        }
        3 => json!({ "type": "TOKEN_EXPIRING_SOON", "expiresInMinutes": 10 }),
        4 => json!({ "type": "TWO_FACTOR_AUTH_REQUIRED", "device": device }),
        5 => json!({ "type": "PASSWORD_RESET", "ipAddress": address }),
        6 => seen("USER_LOGOUT"),
        _ => {
            let (title, content) = if english {
                (
                    "Beware of false customer service",
                    "We never ask for your password or a one-time code in chat.",
                )
            } else {
                ("提防假冒客服", "官方客服絕不會在聊天室索取您的密碼或驗證碼。")
            };
            json!({ "type": "SECURITY_WARNING", "title": title, "content": content, "isUrgent": true, "link": "/help/safety" })
        }
    };
    vec![step(Audience::Anyone, body)]
}

/// A cart is filled on another device.
pub(super) fn cart(dice: &mut Dice) -> Vec<Step> {
    let english = dice.in_english();
    let (product, name) = dice.product(english);
    let (id, number) = dice.new_order();
    let item = |kind: &str, quantity: u64| json!({ "type": kind, "productName": name, "quantity": quantity, "price": product.price, "currency": "TWD" });
    let mut steps =
        vec![step(BUYER, item("CART_ITEM_ADDED", 1)), step(BUYER, item("CART_ITEM_UPDATED", 2))];
    steps.push(match dice.below(3) {
        0 => step(BUYER, item("CART_ITEM_REMOVED", 0)),
        1 => step(BUYER, json!({ "type": "CART_CLEARED", "itemCount": 2 })),
        _ => step(
            BUYER,
            json!({ "type": "CART_CHECKOUT_COMPLETED", "orderId": id, "orderNumber": number, "totalAmount": product.price * 2, "currency": "TWD" }),
        ),
    });
    steps
}

/// The market has something to say, to one or to all.
pub(super) fn notice(dice: &mut Dice) -> Vec<Step> {
    let (title, content, kind, link, urgent) = dice.one_of(&NOTICES);
    let name = if urgent { "URGENT_NOTIFICATION" } else { "NOTIFICATION_RECEIVED" };
    let to = match kind {
        "DELIVERY" | "PROMOTION" => Audience::Everyone,
        "REVIEW" | "DEMAND" => SELLER,
        "DISPUTE" => ADMINISTRATORS,
        _ => Audience::Anyone,
    };
    let body = json!({
        "type": name,
        "title": title,
        "content": content,
        "notificationType": kind,
        "link": link,
        "isUrgent": urgent,
    });
    vec![step(to, body)]
}

/// A shop or a profile changes its looks.
pub(super) fn store(dice: &mut Dice) -> Vec<Step> {
    let shop = OWN_SHOP.name(false);
    let id = OWN_SHOP.id;
    let of_store = |kind: &str| json!({ "type": kind, "storeId": id, "storeName": shop });
    match dice.below(6) {
        0 => vec![step(
            Audience::Anyone,
            json!({ "type": "AVATAR_UPDATED", "avatarUrl": "/files/avatars/8821.webp" }),
        )],
        1 => vec![step(
            Audience::Anyone,
            json!({ "type": "PROFILE_UPDATED", "updatedFields": ["phone", "address"] }),
        )],
        2 => vec![
            step(SELLER, of_store("STORE_LOGO_UPDATED")),
            step(SELLER, of_store("STORE_COVER_UPDATED")),
        ],
        3 => {
            let mut closed = of_store("STORE_STATUS_CHANGED");
            closed["status"] = json!(dice.one_of(&["OPEN", "CLOSED", "VACATION"]));
            vec![step(SELLER, closed)]
        }
        4 => vec![
            step(ADMINISTRATORS, of_store("STORE_CREATED")),
            step(SELLER, of_store("STORE_SHIPPING_CONFIG_UPDATED")),
        ],
        _ => vec![step(SELLER, of_store("STORE_INFO_UPDATED"))],
    }
}

/// A buyer calls a shop.
pub(super) fn call(dice: &mut Dice) -> Vec<Step> {
    let id = format!("call-{}", dice.between(10_000, 99_999));
    let caller = dice.one_of(&BUYERS);
    let event = |kind: &str| json!({ "type": kind, "callId": id, "callerId": caller.id, "callerName": caller.name(false) });
    let end = if dice.below(2) == 0 { "WEBRTC_CALL_REJECTED" } else { "WEBRTC_CALL_ENDED" };
    vec![
        step(SELLER, event("WEBRTC_CALL_INITIATED")),
        step(BUYER, event("WEBRTC_CALL_RINGING")),
        step(SELLER, event(end)),
    ]
}

/// The servers are looked after, or need to be.
pub(super) fn maintenance(dice: &mut Dice) -> Vec<Step> {
    if dice.below(3) == 0 {
        let code = dice.one_of(&["PAYMENT_GATEWAY_TIMEOUT", "SEARCH_INDEX_LAG"]);
        let message = "付款服務回應緩慢，工程師處理中";
        return vec![step(
            ADMINISTRATORS,
            json!({ "type": "SYSTEM_ERROR", "errorCode": code, "message": message }),
        )];
    }
    let start = json!({
        "type": "SYSTEM_MAINTENANCE_START",
        "title": "系統維護",
        "content": "今晚 02:00 至 03:00 進行系統維護，期間暫停付款。\nMaintenance tonight from 02:00 to 03:00; payment pauses.",
        "estimatedMinutes": 60,
    });
    vec![
        step(Audience::Everyone, start),
        step(
            Audience::Everyone,
            json!({ "type": "SYSTEM_MAINTENANCE_END", "message": "系統維護已完成" }),
        ),
    ]
}
