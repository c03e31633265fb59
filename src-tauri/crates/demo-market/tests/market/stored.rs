//! Stored notifications.

use agora_demo_market::Notice;
use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn messages_with_a_title_are_stored_for_their_user_and_others_are_not() {
    let market = market().await;
    let unread = async || -> Vec<Value> {
        get(&market, "/notifications/unread", Some(SELLER.token)).await.json().await.unwrap()
    };
    let before = unread().await.len();
    assert!(before > 0, "some are there from the start");
    let to_seller = format!("/sse/send/user/{}", SELLER.id);
    let body = json!({ "type": "ORDER_SHIPPED", "title": "已寄出", "content": "訂單 1", "link": "/orders/1", "isUrgent": true });
    post(&market, &to_seller, Some(ADMINISTRATOR.token), &body).await;
    post(
        &market,
        &to_seller,
        Some(ADMINISTRATOR.token),
        &json!({ "type": "CHAT_MESSAGE", "content": "嗨" }),
    )
    .await;
    let after = unread().await;
    assert_eq!(after.len(), before + 1);
    let newest = &after[0];
    assert_eq!((&newest["title"], &newest["type"]), (&json!("已寄出"), &json!("ORDER")));
    assert_eq!((&newest["status"], &newest["isUrgent"]), (&json!("UNREAD"), &json!(true)));
    assert_eq!(newest["senderName"], ADMINISTRATOR.name);
    assert!(newest["createdAt"].as_str().unwrap().parse::<jiff::civil::DateTime>().is_ok());
}

#[tokio::test]
async fn what_came_while_away_is_listed_by_page_newest_first() {
    let market = market().await;
    let notice = |number| Notice {
        user_id: BUYER.id,
        title: format!("第 {number} 則"),
        ..Notice::default()
    };
    let ids: Vec<_> = (0..25).map(|number| market.store_notification(notice(number))).collect();
    let page: Value =
        get(&market, "/notifications/list", Some(BUYER.token)).await.json().await.unwrap();
    assert_eq!(page["content"].as_array().unwrap().len(), 20);
    assert_eq!(page["content"][0]["id"], json!(ids[24]));
    assert_eq!(
        (&page["number"], &page["last"], &page["totalPages"]),
        (&json!(0), &json!(false), &json!(2))
    );
    let page: Value = get(&market, "/notifications/list?page=2&size=20", Some(BUYER.token))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&page["number"], &page["last"], &page["first"]),
        (&json!(1), &json!(true), &json!(false))
    );
    assert_eq!(page["totalElements"], json!(20 + page["content"].as_array().unwrap().len()));
    let beyond: Value =
        get(&market, "/notifications/list?page=9", Some(BUYER.token)).await.json().await.unwrap();
    assert_eq!(beyond["empty"], true);
    let wanted = json!({ "keyword": "第 7 則", "type": "SYSTEM" });
    let found: Value = post(&market, "/notifications/search", Some(BUYER.token), &wanted)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!((&found["totalElements"], &found["content"][0]["id"]), (&json!(1), &json!(ids[7])));
}

#[tokio::test]
async fn reading_marks_one_or_all_and_never_another_users() {
    let market = market().await;
    let id = market.store_notification(Notice {
        user_id: BUYER.id,
        title: "一".to_owned(),
        ..Notice::default()
    });
    let (one, read) = (format!("/notifications/{id}"), format!("/notifications/{id}/read"));
    assert_eq!(post(&market, &read, Some(SELLER.token), &json!({})).await.status(), 404);
    assert_eq!(post(&market, &read, None, &json!({})).await.status(), 401);
    assert_eq!(post(&market, &read, Some(BUYER.token), &json!({})).await.status(), 200);
    let stored: Value = get(&market, &one, Some(BUYER.token)).await.json().await.unwrap();
    assert_eq!((&stored["status"], &stored["isRead"]), (&json!("READ"), &json!(true)));
    assert_eq!(get(&market, &one, Some(SELLER.token)).await.status(), 404);
    post(&market, "/notifications/read-all", Some(BUYER.token), &json!({})).await;
    let unread = async |token| -> Vec<Value> {
        get(&market, "/notifications/unread", Some(token)).await.json().await.unwrap()
    };
    assert_eq!(unread(BUYER.token).await.len(), 0);
    assert_ne!(unread(SELLER.token).await.len(), 0);
    let stats: Value =
        get(&market, "/notifications/stats", Some(BUYER.token)).await.json().await.unwrap();
    assert_eq!(stats["unreadCount"], 0);
}
