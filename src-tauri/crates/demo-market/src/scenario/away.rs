//! What the market stores of a story for a member who isn't there to hear it: a notification with a title,
//! as people are used to from their telephones. Cart, profile and signalling are worth none.

use serde_json::Value;

use crate::notifications::{self, Notice};

/// The notification of an event, if it is worth one.
pub(super) fn notice(user_id: u64, body: &Value) -> Option<Notice> {
    if let Some(titled) = notifications::of_message(user_id, body) {
        return Some(titled);
    }
    let kind = body["type"].as_str()?;
    let (_, title) = TITLES.into_iter().find(|(of, _)| *of == kind)?;
    let stored_type = notifications::stored_type(kind);
    let (content, link) = match stored_type {
        "ORDER" | "DISPUTE" => (
            joined(body, "：", &["orderNumber", "productName"]),
            format!("/orders/{}", text(body, "orderId")),
        ),
        "DELIVERY" => (
            joined(body, "，", &["orderNumber", "deliveryAddress", "reason"]),
            format!("/deliveries/{}", text(body, "deliveryOrderId")),
        ),
        "FINANCIAL" => (format!("NT${}", text(body, "amount")), "/wallet".to_owned()),
        "CHAT" => (
            joined(body, "：", &["senderName", "content"]),
            format!("/chat/{}", text(body, "chatRoomId")),
        ),
        "SECURITY" => (joined(body, "，", &["location", "device"]), "/account/security".to_owned()),
        _ => (text(body, "productName"), format!("/store/products/{}", text(body, "productId"))),
    };
    Some(Notice {
        user_id,
        title: title.to_owned(),
        content,
        kind: stored_type.to_owned(),
        link: Some(link),
        is_urgent: stored_type == "SECURITY",
        ..Notice::default()
    })
}

fn text(body: &Value, field: &str) -> String {
    match &body[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn joined(body: &Value, between: &str, fields: &[&str]) -> String {
    let texts = fields.iter().map(|field| text(body, field)).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(between)
}

/// The kinds that are worth a notification, and its title.
const TITLES: [(&str, &str); 28] = [
    ("ORDER_CREATED", "您有一筆新訂單"),
    ("ORDER_STATUS_CHANGED", "訂單狀態已更新"),
    ("ORDER_DELIVERING", "您的訂單正在配送中"),
    ("ORDER_DELIVERED", "您的訂單已送達"),
    ("ORDER_COMPLETED", "訂單已完成"),
    ("ORDER_CANCELLED", "訂單已取消"),
    ("ORDER_DISPUTED", "有一筆訂單發生爭議"),
    ("REFUND_REQUESTED", "買家申請退款"),
    ("REFUND_COMPLETED", "退款已完成"),
    ("NEW_DELIVERY_ORDER", "附近有新的配送單"),
    ("DELIVERY_ACCEPTED", "外送員已接單"),
    ("DELIVERY_PICKED_UP", "外送員已取貨"),
    ("DELIVERY_DELIVERED", "商品已送達買家"),
    ("DELIVERY_EXCEPTION", "配送發生異常"),
    ("DELIVERY_ORDER_CANCEL", "配送單已取消"),
    ("DELIVERY_ORDER_COMPLETED", "配送單已完成"),
    ("DELIVERY_ORDER_FAILED", "配送失敗"),
    ("BALANCE_INCREASED", "款項已入帳"),
    ("BALANCE_DECREASED", "帳戶扣款通知"),
    ("RECHARGE_SUCCESS", "儲值成功"),
    ("WITHDRAW_SUCCESS", "提領成功"),
    ("TRANSACTION_FAILED", "交易失敗"),
    ("CHAT_MESSAGE", "您有一則新訊息"),
    ("NEW_MESSAGE", "您有一則新訊息"),
    ("LOGIN_ANOMALY", "偵測到異常登入"),
    ("SUSPICIOUS_LOGIN_ATTEMPT", "有人嘗試登入您的帳號"),
    ("PASSWORD_RESET", "您的密碼已重設"),
    ("PRODUCT_LOW_STOCK", "商品庫存不足"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::tale;
    use super::*;

    #[test]
    fn every_title_is_told_and_says_what_about_and_where_to() {
        let steps = tale::steps(1, 2_000);
        let mut told = BTreeSet::new();
        for step in &steps {
            let Some(notice) = notice(7, &step.body) else { continue };
            assert!(!step.is_quiet(), "{}", step.body);
            assert!(!notice.title.is_empty() && !notice.kind.is_empty(), "{}", step.body);
            assert!(notice.link.as_deref() != Some("") && notice.user_id == 7);
            if step.body["title"].is_null() {
                let link = notice.link.as_deref().unwrap();
                assert!(!link.ends_with('/'), "{link} of {}", step.body);
                let kind = step.body["type"].as_str().unwrap();
                assert!(!notice.content.is_empty() || kind == "PASSWORD_RESET", "{}", step.body);
                told.insert(kind);
            }
        }
        let all: BTreeSet<_> = TITLES.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(told, all);
    }
}
