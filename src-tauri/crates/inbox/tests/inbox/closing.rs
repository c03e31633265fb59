//! The end of an inbox: everything is in its one file.

use crate::sample::{Place, alert, batch, beside};
use agora_inbox::{Access, Filter, Inbox, Seek, StoreError};

#[tokio::test]
async fn a_closed_inbox_is_one_file_and_answers_nobody() {
    let place = Place::new();
    let inbox = place.open();
    let other = inbox.clone();
    inbox.commit(batch(vec![alert("kept")], None)).await.unwrap();
    assert!(beside(&place.file(), "-wal").exists());
    inbox.close().await;
    for ending in ["-wal", "-shm", "-journal"] {
        assert!(!beside(&place.file(), ending).exists(), "{ending}");
    }
    for handle in [inbox, other] {
        let error = handle.commit(batch(vec![alert("too late")], None)).await.unwrap_err();
        assert!(matches!(error, StoreError::Closed), "{error:?}");
        handle.close().await;
    }
    let inbox = Inbox::open(&place.file(), Access::ReadOnly).unwrap();
    let page = inbox.page(Filter::ALL, Seek::Newest, 10).await.unwrap();
    assert_eq!(page.alerts.len(), 1);
}

#[tokio::test]
async fn what_was_asked_for_before_the_end_is_done() {
    let place = Place::new();
    let inbox = place.open();
    let two = batch(vec![alert("one"), alert("two")], Some("2"));
    let (committed, ()) = tokio::join!(inbox.commit(two), inbox.close());
    assert_eq!(committed.unwrap().new.len(), 2);
    assert_eq!(place.open().counts().await.unwrap().total(), 2);
}
