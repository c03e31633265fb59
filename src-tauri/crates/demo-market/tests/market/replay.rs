//! Ids and replay, which only a market started with ids has.

use agora_demo_market::people::{BUYER, SELLER};
use agora_demo_market::{Config, DemoMarket, To};

use crate::support::*;

async fn since(market: &DemoMarket, last_event_id: &str) -> Stream {
    let request = client().get(url(market, &stream_path(&device(&SELLER))));
    let mut stream =
        Stream::of(request.header("last-event-id", last_event_id).send().await.unwrap());
    assert!(stream.event().await.contains("SYSTEM_TIME_WAIT"), "that one is first, without an id");
    stream
}

#[tokio::test]
async fn what_a_client_missed_is_replayed_in_order_and_only_its_own() {
    let market = market_with(Config { ids: true, ..Config::default() }).await;
    market.emit(&To::user(SELLER.id), None, "1");
    market.emit(&To::user(BUYER.id), None, "2");
    market.emit(&To::Everyone, None, "3");
    let mut stream = since(&market, "1").await;
    market.emit(&To::user(SELLER.id), None, "4");
    assert_eq!(stream.event().await, "id:3\ndata:3\nevent:message\n\n");
    assert_eq!(stream.event().await, "id:4\ndata:4\nevent:message\n\n");
}

#[tokio::test]
async fn the_backlog_is_bounded_and_an_id_of_an_earlier_run_replays_all_of_it() {
    let market = market_with(Config { ids: true, backlog: 2, ..Config::default() }).await;
    for data in ["1", "2", "3"] {
        market.emit(&To::Everyone, None, data);
    }
    for last_event_id in ["0", "9000"] {
        let mut stream = since(&market, last_event_id).await;
        assert_eq!(stream.event().await, "id:2\ndata:2\nevent:message\n\n");
        assert_eq!(stream.event().await, "id:3\ndata:3\nevent:message\n\n");
    }
}

#[tokio::test]
async fn a_client_that_asks_for_nothing_and_one_that_asks_nonsense_get_no_replay() {
    let market = market_with(Config { ids: true, ..Config::default() }).await;
    market.emit(&To::Everyone, None, "1");
    let mut stream = since(&market, "not a number").await;
    market.emit(&To::Everyone, None, "2");
    assert_eq!(stream.event().await, "id:2\ndata:2\nevent:message\n\n");
}
