//! Stored notifications.

use std::time::Duration;

use agora_demo_market::people::{ADMINISTRATOR, BUYER, SELLER};
use agora_demo_market::{Call, Config, Fault, Notice, Status, StoredNotice, To, local_time_ago};
use serde_json::{Value, json};

use crate::support::*;

#[tokio::test]
async fn messages_with_a_title_are_stored_for_their_user_and_others_are_not() {
    let market = market().await;
    let before = unread(&market, &SELLER).await.len();
    assert!(before > 0, "some are there from the start");
    let to_seller = message_path(&SELLER);
    let body = json!({ "type": "ORDER_SHIPPED", "title": "已寄出", "content": "訂單 1", "link": "/orders/1", "isUrgent": true });
    post(&market, &to_seller, Some(ADMINISTRATOR.token), &body).await;
    post(
        &market,
        &to_seller,
        Some(ADMINISTRATOR.token),
        &json!({ "type": "CHAT_MESSAGE", "content": "嗨" }),
    )
    .await;
    let after = unread(&market, &SELLER).await;
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
    let notice = |number| notice(&BUYER, &format!("第 {number} 則"));
    let ids: Vec<_> = (0..25).map(|number| market.store_notification(notice(number))).collect();
    let page = json_of(get(&market, "/notifications/list", Some(BUYER.token))).await;
    assert_eq!(page["content"].as_array().unwrap().len(), 20);
    assert_eq!(page["content"][0]["id"], json!(ids[24]));
    assert_eq!(
        (&page["number"], &page["last"], &page["totalPages"]),
        (&json!(0), &json!(false), &json!(2))
    );
    let page = json_of(get(&market, "/notifications/list?page=2&size=20", Some(BUYER.token))).await;
    assert_eq!(
        (&page["number"], &page["last"], &page["first"]),
        (&json!(1), &json!(true), &json!(false))
    );
    assert_eq!(page["totalElements"], json!(20 + page["content"].as_array().unwrap().len()));
    let beyond = json_of(get(&market, "/notifications/list?page=9", Some(BUYER.token))).await;
    assert_eq!(beyond["empty"], true);
    let wanted = json!({ "keyword": "第 7 則", "type": "SYSTEM" });
    let found = json_of(post(&market, "/notifications/search", Some(BUYER.token), &wanted)).await;
    assert_eq!((&found["totalElements"], &found["content"][0]["id"]), (&json!(1), &json!(ids[7])));
}

#[tokio::test]
async fn reading_marks_one_or_all_and_never_another_users() {
    let market = market().await;
    let id = market.store_notification(notice(&BUYER, "一"));
    let (one, read) = (format!("/notifications/{id}"), format!("/notifications/{id}/read"));
    assert_eq!(post(&market, &read, Some(SELLER.token), &json!({})).await.status(), 404);
    assert_eq!(post(&market, &read, None, &json!({})).await.status(), 401);
    assert_eq!(post(&market, &read, Some(BUYER.token), &json!({})).await.status(), 200);
    let stored = json_of(get(&market, &one, Some(BUYER.token))).await;
    assert_eq!((&stored["status"], &stored["isRead"]), (&json!("READ"), &json!(true)));
    assert_eq!(get(&market, &one, Some(SELLER.token)).await.status(), 404);
    post(&market, "/notifications/read-all", Some(BUYER.token), &json!({})).await;
    assert_eq!(unread(&market, &BUYER).await.len(), 0);
    assert_ne!(unread(&market, &SELLER).await.len(), 0);
    let stats = json_of(get(&market, "/notifications/stats", Some(BUYER.token))).await;
    assert_eq!(stats["unreadCount"], 0);
}

#[tokio::test]
async fn what_a_test_stores_has_the_time_and_the_state_that_it_says() {
    let market = market().await;
    market.forget_notifications();
    let made = local_time_ago(Duration::from_hours(3 * 24));
    let notice =
        |status| Notice { status, created_at: Some(made.clone()), ..notice(&BUYER, "三天前") };
    let states = [Status::Unread, Status::Read, Status::Deleted];
    let ids = states.map(|status| market.store_notification(notice(status)));
    let kept = |place: usize| StoredNotice {
        id: ids[place],
        title: "三天前".to_owned(),
        status: states[place],
    };
    assert_eq!(market.notifications_of(BUYER.id), [kept(2), kept(1), kept(0)]);
    let page = json_of(get(&market, "/notifications/list", Some(BUYER.token))).await;
    for (place, state) in ["DELETED", "READ", "UNREAD"].into_iter().enumerate() {
        let entry = &page["content"][place];
        assert_eq!((&entry["status"], &entry["createdAt"]), (&json!(state), &json!(made)));
        assert_eq!(entry["isRead"], state != "UNREAD");
        assert_eq!(entry["readAt"].is_string(), state != "UNREAD");
    }
    let age = jiff::civil::DateTime::from(jiff::ZonedDateTime::now())
        .duration_since(made.parse::<jiff::civil::DateTime>().unwrap());
    assert!((3 * 86_400 - 3_700..3 * 86_400 + 3_700).contains(&age.as_secs()), "{age:?}");
}

#[tokio::test]
async fn a_reading_is_told_to_all_streams_of_the_user_and_to_nobody_else() {
    let market = market().await;
    let id = market.store_notification(notice(&BUYER, "一"));
    let second = format!("user_{}_other-device", BUYER.id);
    let mut own =
        [Stream::open(&market, &device(&BUYER)).await, Stream::open(&market, &second).await];
    let mut another = Stream::open(&market, &device(&SELLER)).await;
    // By this user on this device, and as on another one.
    post(&market, &format!("/notifications/{id}/read"), Some(BUYER.token), &json!({})).await;
    assert!(market.mark_notification(BUYER.id, id, Status::Read));
    post(&market, "/notifications/read-all", Some(BUYER.token), &json!({})).await;
    market.mark_all_notifications_read(BUYER.id);
    for stream in &mut own {
        for _ in 0..2 {
            let event = stream.named("NOTIFICATION_READ").await;
            assert_eq!(
                (&event["type"], &event["notificationId"]),
                (&json!("NOTIFICATION_READ"), &json!(id))
            );
            assert!(event["timestamp"].is_string() && event["all"].is_null());
        }
        for _ in 0..2 {
            let event = stream.named("NOTIFICATION_READ").await;
            assert_eq!((&event["all"], &event["notificationId"]), (&json!(true), &Value::Null));
        }
    }
    market.emit(&To::Everyone, None, "last");
    another.event().await;
    assert!(another.event().await.starts_with("data:last\n"));
}

#[tokio::test]
async fn a_refused_reading_and_a_deletion_are_told_to_nobody() {
    let market = market().await;
    let id = market.store_notification(notice(&BUYER, "一"));
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    stream.event().await;
    post(&market, &format!("/notifications/{id}/read"), Some(SELLER.token), &json!({})).await;
    assert!(!market.mark_notification(SELLER.id, id, Status::Deleted));
    assert!(market.mark_notification(BUYER.id, id, Status::Deleted));
    assert!(market.mark_notification(BUYER.id, id, Status::Deleted));
    market.emit(&To::Everyone, None, "last");
    assert!(stream.event().await.starts_with("data:last\n"));
    assert_eq!(market.notifications_of(BUYER.id)[0].status, Status::Deleted);
    market.mark_all_notifications_read(BUYER.id);
    assert_eq!(market.notifications_of(BUYER.id)[0].status, Status::Deleted, "it is gone");
    assert_eq!(market.notifications_of(BUYER.id)[1].status, Status::Read);
}

#[tokio::test]
async fn the_markets_own_notification_is_pushed_whole_with_its_id() {
    let market = market().await;
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    let id = market.push_notification(notice(&BUYER, "您的包裹已寄出"));
    let event = stream.named("NOTIFICATION_RECEIVED").await;
    assert_eq!(
        (&event["type"], &event["notificationId"]),
        (&json!("NOTIFICATION_RECEIVED"), &json!(id))
    );
    let stored = json_of(get(&market, &format!("/notifications/{id}"), Some(BUYER.token))).await;
    assert_eq!(event["notification"], stored);
    assert_eq!((&stored["title"], &stored["isPushed"]), (&json!("您的包裹已寄出"), &json!(true)));
    let order = json!({ "userId": BUYER.id, "title": "由外部", "push": true });
    let answer = json_of(demo(&market, "/notifications", order)).await;
    let event = stream.named("NOTIFICATION_RECEIVED").await;
    assert_eq!(
        (&event["notificationId"], &event["notification"]["title"]),
        (&answer["id"], &json!("由外部"))
    );
}

#[tokio::test]
async fn a_message_goes_out_as_it_is_while_a_copy_of_it_is_stored() {
    let market = market().await;
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    let body = json!({ "type": "ORDER_SHIPPED", "title": "已寄出" });
    post(&market, &message_path(&BUYER), Some(ADMINISTRATOR.token), &body).await;
    assert_eq!(stream.named("ORDER_SHIPPED").await, body);
    assert_eq!(market.notifications_of(BUYER.id)[0].title, "已寄出");
}

#[tokio::test]
async fn the_oldest_make_room_and_pages_stay_newest_first() {
    let market = market().await;
    for number in 0..10_050 {
        market.store_notification(notice(&BUYER, &number.to_string()));
    }
    let kept = market.notifications_of(BUYER.id);
    assert_eq!((kept.len(), kept[0].title.as_str()), (10_000, "10049"));
    assert_eq!(kept[9_999].title, "50");
    assert!(kept.is_sorted_by(|newer, older| newer.id > older.id));
    let page =
        json_of(get(&market, "/notifications/list?page=100&size=100", Some(BUYER.token))).await;
    assert_eq!((&page["last"], &page["content"][99]["title"]), (&json!(true), &json!("50")));
}

#[tokio::test]
async fn a_market_without_these_calls_answers_404_and_pushes_all_the_same() {
    let config = Config { notifications: false, ..Config::default() };
    let market = market_with(config).await;
    for path in ["/notifications/unread", "/notifications/list", "/notifications/stats"] {
        assert_eq!(get(&market, path, Some(BUYER.token)).await.status(), 404, "{path}");
    }
    for path in ["/notifications/90001/read", "/notifications/read-all"] {
        assert_eq!(post(&market, path, Some(BUYER.token), &json!({})).await.status(), 404);
    }
    assert_eq!(get(&market, "/auth/me", Some(BUYER.token)).await.status(), 200);
    let mut stream = Stream::open(&market, &device(&BUYER)).await;
    market.push_notification(notice(&BUYER, "一"));
    stream.named("NOTIFICATION_RECEIVED").await;
}

#[tokio::test]
async fn the_calls_to_notifications_fail_alone_and_marking_read_alone_of_them() {
    let market = market().await;
    let refused = Fault::Answer { status: 503, headers: [].into(), body: String::new() };
    let statuses = async || {
        let id = market.store_notification(notice(&BUYER, "一"));
        let unread = get(&market, "/notifications/unread", Some(BUYER.token)).await;
        let read = format!("/notifications/{id}/read");
        let read = post(&market, &read, Some(BUYER.token), &json!({})).await;
        let all = post(&market, "/notifications/read-all", Some(BUYER.token), &json!({})).await;
        let me = get(&market, "/auth/me", Some(BUYER.token)).await;
        [unread, read, all, me].map(|answer| answer.status().as_u16())
    };
    market.fail_next_call(Call::Notifications, refused.clone(), 10);
    assert_eq!(statuses().await, [503, 503, 503, 200]);
    market.clear_faults();
    market.fail_next_call(Call::MarkRead, refused, 10);
    assert_eq!(statuses().await, [200, 503, 503, 200]);
}
