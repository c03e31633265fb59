//! Stored notifications: what is asked, and what each honest and each hostile answer comes to.

use std::time::Duration;

use agora_client::{
    CallError, CallLimits, Market, MarketTime, Notification, NotificationId, NotificationPage,
    NotificationState, ReasonCode, UnreadNotifications,
};

use crate::listener::endpoint;
use crate::server::Server;

const MIB: usize = 1024 * 1024;

fn market(server: &Server) -> Market {
    let endpoint = endpoint(server);
    Market::new(endpoint.base, endpoint.token).unwrap()
}

async fn unread(headers: &str, body: &str) -> Result<Vec<Notification>, CallError> {
    let server = Server::start().await;
    let market = market(&server);
    let (result, ()) = tokio::join!(market.unread_notifications(), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "GET /api/notifications/unread");
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        exchange.answer("200 OK", headers, body).await;
    });
    result.map(|unread| {
        assert_eq!(unread.skipped, 0);
        unread.content
    })
}

/// The second page of two entries each.
async fn page(body: &str) -> Result<NotificationPage, CallError> {
    let server = Server::start().await;
    let market = market(&server);
    let (result, ()) = tokio::join!(market.notification_page(2, 2), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "GET /api/notifications/list?page=2&size=2");
        exchange.answer("200 OK", "Content-Type: application/json\r\n", body).await;
    });
    result
}

/// The reason of an answer that is none, which may be asked for again.
fn unusable<T: std::fmt::Debug>(result: Result<T, CallError>) -> agora_client::Reason {
    let error = result.unwrap_err();
    assert!(error.can_wait() && !error.may_have_been_delivered());
    let CallError::NoAnswer { reason } = error else { panic!("{error:?}") };
    reason
}

#[tokio::test]
async fn a_notification_has_its_id_state_time_and_text() {
    let entry = r#"{"id":90001, "title":"出貨","createdAt":"2026-08-22T21:55:00","status":"READ"}"#;
    let all = unread("", &format!(" [ {entry} ]")).await.unwrap();
    let wanted = Notification {
        id: NotificationId(90_001),
        state: NotificationState::Read,
        created: MarketTime::parse("2026-08-22T21:55:00"),
        raw: entry.to_owned(),
    };
    assert_eq!(all, [wanted]);
}

#[tokio::test]
async fn the_state_is_the_status_and_without_one_what_else_tells_of_reading() {
    use NotificationState::{Deleted, Read, Unread};
    for (fields, state) in [
        (r#""status":"UNREAD""#, Unread),
        (r#""status":"UNREAD","isRead":true"#, Unread),
        (r#""status":"DELETED""#, Deleted),
        (r#""status":"READ""#, Read),
        (r#""isRead":true"#, Read),
        (r#""isRead":"true""#, Read),
        (r#""isRead":1"#, Read),
        (r#""isRead":"no""#, Unread),
        (r#""isRead":false,"readAt":1787435700000"#, Read),
        (r#""readAt":"1787435700""#, Read),
        (r#""readAt":0"#, Unread),
        (r#""status":"READ","x":1e400,"y":"\ud83d""#, Read),
        (r#""status":null,"isRead":false,"readAt":"2026-08-22T21:55:00""#, Read),
        (r#""status":7,"readAt":[2026,8,22,21,55]"#, Read),
        (r#""readAt":null"#, Unread),
        (r#""readAt":"""#, Unread),
        (r#""status":"ARCHIVED""#, Unread),
    ] {
        let all = unread("", &format!(r#"[{{"id":1,{fields}}}]"#)).await.unwrap();
        assert_eq!(all[0].state, state, "{fields}");
    }
}

#[tokio::test]
async fn an_entry_without_a_usable_id_is_skipped_and_no_other_with_it() {
    let hostile = r#"null, 5, "text", [1,null,null,null,null], [], {}, {"id":null}, {"id":"7"}, {"id":1.5},
        {"id":99999999999999999999}, {"id":1,"id":2}, {"ID":3}"#;
    let long = format!(r#"{{"id":4,"title":"{}"}}"#, "x".repeat(MIB));
    let body = format!(r#"{{"content":[{hostile},{long},{{"id":-5,"createdAt":{{}}}}]}}"#);
    let page = page(&body).await.unwrap();
    assert_eq!(page.skipped, 10);
    // One has its id as text, one has two, and one is as long as no event can be.
    let ids: Vec<_> = page.content.iter().map(|one| one.id.0).collect();
    assert_eq!(ids, [7, 2, 4, -5]);
    assert_eq!(page.content[3].created, None);
}

#[tokio::test]
async fn an_unread_one_without_a_usable_id_is_counted() {
    let server = Server::start().await;
    let market = market(&server);
    let (result, ()) = tokio::join!(market.unread_notifications(), async {
        let body = r#"[{"id":1},{"id":1e400},null,{"id":2},{"id":null,"title":"t"}]"#;
        server.accept().await.answer("200 OK", "", body).await;
    });
    let UnreadNotifications { content, skipped } = result.unwrap();
    let ids: Vec<_> = content.iter().map(|one| one.id.0).collect();
    assert_eq!((ids, skipped), (vec![1, 2], 3));
}

#[tokio::test]
async fn a_title_cut_in_the_middle_of_a_character_hides_no_other() {
    let server = Server::start().await;
    let market = market(&server);
    let (result, ()) = tokio::join!(market.unread_notifications(), async {
        let mut exchange = server.accept().await;
        exchange.send("HTTP/1.1 200 OK\r\n\r\n[{\"id\":1,\"title\":\"出").await;
        exchange.send(b"\xe8\xb2\"},{\"id\":2}]").await;
        exchange.end().await;
    });
    let all = result.unwrap().content;
    assert_eq!(all.iter().map(|one| one.id.0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(all[0].raw, "{\"id\":1,\"title\":\"出\u{fffd}\"}");
}

#[tokio::test]
async fn one_bad_value_fails_no_list_and_not_its_own_entry() {
    let nested = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for bad in [
        r#""Sign-in \ud83d""#,
        "\"Sign-in \u{0}\n\"",
        "1e400",
        "NaN",
        "007",
        r#""a","title":"Sign-in""#,
        &nested,
    ] {
        let entries = format!(
            r#"{{"id":1}},{{"title":{bad},"id":"2","isRead":"true","createdAt":[2026,8,22,21,55]}},
            {{"id":3,"status":"READ","createdAt":1787435700,"title":{bad}}},{{"id":4}}"#
        );
        let all = unread("", &format!("[{entries}]")).await.unwrap();
        let seen = |one: &Notification| (one.id.0, one.state, one.created.is_some());
        let (read, unread) = (NotificationState::Read, NotificationState::Unread);
        let wanted = [(1, unread, false), (2, read, true), (3, read, true), (4, unread, false)];
        assert_eq!(all.iter().map(seen).collect::<Vec<_>>(), wanted, "{bad:.40}");
        assert!(all[1].raw.contains(bad), "{bad:.40}");
        let page = page(&format!(r#"{{"x":{bad},"content":[{entries}],"totalElements":4}}"#)).await;
        let page = page.unwrap();
        assert_eq!((page.content, page.total), (all, Some(4)), "{bad:.40}");
    }
}

#[tokio::test]
async fn a_page_says_what_it_is_and_all_but_its_content_may_be_missing() {
    let full = page(
        r#"{"totalElements":3,"totalPages":"2","number":1.0,"last":"true","content":[{"id":1}],"sort":{}}"#,
    );
    let full = full.await.unwrap();
    assert_eq!((full.total, full.total_pages, full.number), (Some(3), Some(2), Some(1)));
    assert!(full.last && full.skipped == 0);
    let wrong = page(
        r#"{"totalElements":-1,"totalPages":"two","number":1e99,"last":"no","content":[{"id":1}]}"#,
    );
    let wrong = wrong.await.unwrap();
    assert_eq!((wrong.total, wrong.total_pages, wrong.number), (None, None, None));
}

#[tokio::test]
async fn a_page_is_the_last_when_it_says_so_and_otherwise_when_it_is_short() {
    for (body, last) in [
        (r#"{"content":[{"id":1}]}"#, true),
        (r#"{"content":[{"id":1},{"id":2}]}"#, false),
        // A skipped entry takes its place on the page.
        (r#"{"content":[{"id":1},{"id":null}]}"#, false),
        (r#"{"content":[{"id":1},{"id":2}],"last":true}"#, true),
        (r#"{"content":[{"id":1}],"last":false}"#, false),
        (r#"{"content":[{"id":1}],"last":null}"#, true),
        (r#"{"content":[]}"#, true),
        // Or it would be asked for the next one for good.
        (r#"{"content":[],"last":false}"#, true),
    ] {
        assert_eq!(page(body).await.unwrap().last, last, "{body}");
    }
}

#[tokio::test]
async fn what_is_no_page_and_no_array_is_no_answer() {
    for body in
        ["", "x", "null", "5", "{}", r#"{"data":[]}"#, "[", r#"[{"id":1}"#, r#"[{"id":1}] x"#]
    {
        let reason = unusable(unread("", body).await);
        assert_eq!((reason.code, reason.status), (ReasonCode::UnexpectedStatus, Some(200)));
        assert!(reason.detail.unwrap().contains("not the JSON"), "{body}");
    }
    for body in [
        "",
        "[]",
        "{}",
        r#"{"content":null}"#,
        r#"{"content":{}}"#,
        r#"{"content":[}"#,
        r#"{"content":[{"id":1}},"sort":{]}"#,
    ] {
        unusable(page(body).await);
    }
    let deep = "[".repeat(200_000);
    unusable(unread("", &deep).await);
    unusable(page(&format!(r#"{{"content":[],"x":{deep}"#)).await);
}

#[tokio::test]
async fn an_answer_that_quotes_the_token_is_told_without_it() {
    let body = r#"["Secret-Token"]"#;
    for reason in [
        unusable(unread("", r#""Secret-Token""#).await),
        unusable(page(&format!(r#"{{"content":{{"a":{body}}}}}"#)).await),
        unusable(page(r#"{"content":"Secret-Token"}"#).await),
    ] {
        assert!(!format!("{reason:?}").to_lowercase().contains("secret-token"), "{reason:?}");
    }
}

#[tokio::test]
async fn a_web_page_is_no_answer() {
    let reason = unusable(unread("Content-Type: text/html; charset=utf-8\r\n", "[]").await);
    assert!(reason.detail.unwrap().contains("web page"));
}

#[tokio::test]
async fn an_answer_cut_short_is_no_answer() {
    let server = Server::start().await;
    let market = market(&server);
    for resets in [false, true] {
        let (result, ()) = tokio::join!(market.unread_notifications(), async {
            let mut exchange = server.accept().await;
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{\"id\":1}]").await;
            if resets {
                exchange.reset();
            } else {
                exchange.end().await;
            }
        });
        assert_eq!(unusable(result).code, ReasonCode::Cut);
        server.assert_no_request().await;
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_given_up_in_time() {
    let server = Server::start().await;
    let endpoint = endpoint(&server);
    let limits = CallLimits { whole: Duration::from_millis(300), ..CallLimits::default() };
    let market = Market::with_limits(endpoint.base, endpoint.token, limits).unwrap();
    let (result, exchange) = tokio::join!(market.unread_notifications(), async {
        let mut exchange = server.accept().await;
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[").await;
        exchange
    });
    assert_eq!(unusable(result).code, ReasonCode::Timeout);
    drop(exchange);
}

#[tokio::test]
async fn no_more_than_eight_mebibytes_are_read() {
    let server = Server::start().await;
    let market = market(&server);
    let (result, sent) = tokio::join!(market.unread_notifications(), async {
        let mut exchange = server.accept().await;
        exchange.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[").await;
        let mut sent = 0;
        // Until the client has gone.
        while exchange.try_send(&[b' '; 8_192]).await {
            sent += 8_192;
        }
        sent
    });
    assert_eq!(unusable(result).detail.as_deref(), Some("more than 8 MiB"));
    // The rest is what the two sockets hold.
    assert!((8 * MIB..32 * MIB).contains(&sent), "{sent}");
}

#[tokio::test]
async fn an_answer_just_within_the_limit_is_read() {
    let body = format!("[{{\"id\":1}}{}]", " ".repeat(8 * MIB - 10));
    assert_eq!(unread("", &body).await.unwrap().len(), 1);
}

#[tokio::test]
async fn more_entries_than_an_honest_answer_holds_are_no_answer() {
    let entries = |count| format!("[{}]", vec![r#"{"id":1}"#; count].join(","));
    assert_eq!(unread("", &entries(65_536)).await.unwrap().len(), 65_536);
    let reason = unusable(unread("", &entries(65_537)).await);
    assert!(reason.detail.unwrap().contains("at most 65536 notifications"));
}

#[tokio::test]
async fn marking_read_is_a_post_without_a_body() {
    let server = Server::start().await;
    let market = market(&server);
    let (result, ()) = tokio::join!(market.mark_notification_read(NotificationId(90_001)), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "POST /api/notifications/90001/read");
        assert_eq!(exchange.header("content-length"), Some("0"));
        assert_eq!(exchange.header("authorization"), Some("Bearer secret-token"));
        exchange.answer("200 OK", "", "").await;
    });
    assert_eq!(result, Ok(()));
    let (result, ()) = tokio::join!(market.mark_all_notifications_read(), async {
        let exchange = server.accept().await;
        assert_eq!(exchange.request(), "POST /api/notifications/read-all");
        exchange.answer("204 No Content", "", "").await;
    });
    assert_eq!(result, Ok(()));
}

#[tokio::test]
async fn marking_read_may_be_repeated_when_its_answer_is_lost() {
    let server = Server::start().await;
    let market = market(&server);
    for ends_cleanly in [false, true] {
        let (result, ()) = tokio::join!(market.mark_notification_read(NotificationId(1)), async {
            let exchange = server.accept().await;
            if ends_cleanly {
                exchange.end().await;
            } else {
                exchange.reset();
            }
        });
        unusable(result);
        server.assert_no_request().await;
    }
    for status in ["502 Bad Gateway", "504 Gateway Timeout"] {
        let (result, ()) = tokio::join!(market.mark_all_notifications_read(), async {
            server.accept().await.answer(status, "", "").await;
        });
        let error = result.unwrap_err();
        assert!(error.can_wait() && !error.may_have_been_delivered(), "{status}");
    }
}

#[tokio::test]
async fn a_market_without_these_calls_is_told_by_its_404() {
    let server = Server::start().await;
    let market = market(&server);
    let body = r#"{"error":"Not Found","message":"No static resource."}"#;
    let answer = async || server.accept().await.answer("404 Not Found", "", body).await;
    let is_404 = |error| matches!(error, CallError::Refused(refusal) if refusal.status == 404);
    let (result, ()) = tokio::join!(market.unread_notifications(), answer());
    assert!(is_404(result.unwrap_err()));
    let (result, ()) = tokio::join!(market.notification_page(1, 20), answer());
    assert!(is_404(result.unwrap_err()));
    let (result, ()) = tokio::join!(market.mark_notification_read(NotificationId(1)), answer());
    assert!(is_404(result.unwrap_err()));
}
