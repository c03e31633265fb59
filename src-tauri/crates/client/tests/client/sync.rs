//! Sync with the demo market: what it stored is found, page by page, and marked read.

use std::time::Duration;

use agora_client::{
    BaseUrl, CallError, CallLimits, Market, MarketTime, NotificationId, NotificationState, Token,
};
use agora_demo_market::people::{BUYER, SELLER};
use agora_demo_market::{Call, Config, DemoMarket, Fault, Notice, Status, local_time_ago};

async fn demo() -> DemoMarket {
    let demo = DemoMarket::start(Config::default()).await.unwrap();
    demo.forget_notifications();
    demo
}

fn market(demo: &DemoMarket, token: Option<&str>) -> Market {
    with_limits(demo, token, CallLimits::default())
}

fn with_limits(demo: &DemoMarket, token: Option<&str>, limits: CallLimits) -> Market {
    let base = BaseUrl::parse(&demo.base_url()).unwrap();
    Market::with_limits(base, token.map(|token| Token::parse(token).unwrap()), limits).unwrap()
}

fn notice(title: &str) -> Notice {
    Notice { user_id: BUYER.id, title: title.to_owned(), ..Notice::default() }
}

fn id(id: u64) -> NotificationId {
    NotificationId(id.try_into().unwrap())
}

#[tokio::test]
async fn what_was_missed_is_found_with_its_time_its_state_and_all_it_says() {
    let demo = demo().await;
    let market = market(&demo, Some(BUYER.token));
    let day = Duration::from_hours(24);
    let made = local_time_ago(day);
    let now = local_time_ago(Duration::ZERO);
    let first = demo.store_notification(Notice {
        created_at: Some(made.clone()),
        is_urgent: true,
        ..notice("您的包裹已寄出")
    });
    demo.store_notification(Notice { status: Status::Read, ..notice("讀過") });
    demo.store_notification(Notice { user_id: SELLER.id, ..notice("別人的") });

    let unread = market.unread_notifications().await.unwrap().content;
    assert_eq!(unread.len(), 1);
    assert_eq!((unread[0].id, unread[0].state), (id(first), NotificationState::Unread));
    let raw: serde_json::Value = serde_json::from_str(&unread[0].raw).unwrap();
    assert_eq!((&raw["title"], &raw["isUrgent"]), (&"您的包裹已寄出".into(), &true.into()));

    let clock = MarketTime::parse(&now).unwrap().local_ms();
    let age = clock - unread[0].created.unwrap().local_ms();
    let error = age - i64::try_from(day.as_millis()).unwrap();
    // A change to or from summer time may lie between.
    assert!(error.abs() <= 3_600_000 + 2_000, "{error} ms");
}

#[tokio::test]
async fn pages_lead_from_the_newest_to_the_oldest() {
    let demo = demo().await;
    let market = market(&demo, Some(BUYER.token));
    let stored: Vec<_> =
        (0..25).map(|number| id(demo.store_notification(notice(&number.to_string())))).collect();
    let mut found = Vec::new();
    let mut lengths = Vec::new();
    for number in 1.. {
        let page = market.notification_page(number, 10).await.unwrap();
        assert_eq!((page.total, page.total_pages, page.skipped), (Some(25), Some(3), 0));
        assert_eq!(page.number, Some(u64::from(number) - 1));
        lengths.push(page.content.len());
        found.extend(page.content.iter().map(|one| one.id));
        if page.last {
            break;
        }
    }
    assert_eq!(lengths, [10, 10, 5]);
    assert!(found.iter().eq(stored.iter().rev()));
    let beyond = market.notification_page(9, 10).await.unwrap();
    assert!(beyond.last && beyond.content.is_empty());
}

#[tokio::test]
async fn reading_here_is_reading_there_and_an_answer_that_is_lost_does_no_harm() {
    let demo = demo().await;
    let market = market(&demo, Some(BUYER.token));
    let [first, second] = ["一", "二"].map(|title| demo.store_notification(notice(title)));
    demo.fail_next_call(Call::MarkRead, Fault::LoseAnswer, 1);
    let lost = market.mark_notification_read(id(first)).await.unwrap_err();
    assert!(matches!(lost, CallError::NoAnswer { .. }) && lost.can_wait(), "{lost:?}");
    market.mark_notification_read(id(first)).await.unwrap();
    let states = |demo: &DemoMarket| {
        demo.notifications_of(BUYER.id).into_iter().map(|one| one.status).collect::<Vec<_>>()
    };
    assert_eq!(states(&demo), [Status::Unread, Status::Read]);
    let error = market.mark_notification_read(id(second + 1)).await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    market.mark_all_notifications_read().await.unwrap();
    assert_eq!(states(&demo), [Status::Read, Status::Read]);
    demo.mark_notification(BUYER.id, second, Status::Deleted);
    let page = market.notification_page(1, 10).await.unwrap();
    let states: Vec<_> = page.content.iter().map(|one| one.state).collect();
    assert_eq!(states, [NotificationState::Deleted, NotificationState::Read]);
}

#[tokio::test]
async fn a_market_that_has_none_of_it_or_wants_a_token_refuses() {
    let config = Config { notifications: false, ..Config::default() };
    let without = DemoMarket::start(config).await.unwrap();
    let calls = market(&without, Some(BUYER.token));
    assert_eq!(calls.unread_notifications().await.unwrap_err().status(), Some(404));
    assert_eq!(calls.notification_page(1, 10).await.unwrap_err().status(), Some(404));
    assert_eq!(calls.mark_all_notifications_read().await.unwrap_err().status(), Some(404));

    let demo = demo().await;
    let error = market(&demo, None).unread_notifications().await.unwrap_err();
    assert!(matches!(&error, CallError::Refused(refusal) if refusal.status == 401), "{error:?}");
}

#[tokio::test]
async fn a_market_that_answers_something_else_or_nothing_gave_no_answer() {
    let demo = demo().await;
    let market = market(&demo, Some(BUYER.token));
    let whole = Duration::from_millis(500);
    let hasty =
        with_limits(&demo, Some(BUYER.token), CallLimits { whole, ..CallLimits::default() });
    for (fault, market) in [
        (Fault::LoginPage, &market),
        (Fault::LoseAnswer, &market),
        (Fault::Garbage { text: "\u{0}".to_owned() }, &market),
        (Fault::Stall, &hasty),
    ] {
        demo.fail_next_call(Call::Notifications, fault.clone(), 1);
        let error = market.unread_notifications().await.unwrap_err();
        assert!(matches!(error, CallError::NoAnswer { .. }), "{fault:?}: {error:?}");
    }
    assert_eq!(market.unread_notifications().await.unwrap().content, []);
}
