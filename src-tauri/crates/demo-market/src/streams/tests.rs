//! The limits that no test over sockets reaches.

use super::*;

#[test]
fn one_more_than_all_connections_is_refused_but_a_known_client_may_come_again() {
    let streams = Streams::new(&Config::default(), Arc::default());
    let open =
        |user: usize| streams.open(&format!("user_{user}_test-device"), &user.to_string(), None);
    let _streams: Vec<_> = (0..CONNECTIONS).map(|user| open(user).unwrap()).collect();
    assert_eq!(open(CONNECTIONS).err().unwrap(), "Maximum connections exceeded: 1000");
    assert!(open(0).is_ok());
}

#[test]
fn a_reader_that_falls_too_far_behind_is_forgotten() {
    let streams = Streams::new(&Config::default(), Arc::default());
    let slow = streams.open("user_1_test-device", "1", None).unwrap();
    for _ in 0..WAITING {
        assert_eq!(streams.send(&To::Everyone, None, "{}"), 1);
    }
    assert_eq!(streams.send(&To::Everyone, None, "{}"), 0);
    assert_eq!(streams.connected(), []);
    assert_eq!(slow.frames.len(), WAITING, "what was sent before still comes");
}
