//! Networks that come, go and change places, in a namespace where nobody else is disturbed.

use std::fs;
use std::process::Command;

use agora_power::{Cause, Watch};

use crate::made_up::{is_inside, run_inside, skip, works};
use crate::{assert_quiet, soon};

#[tokio::test]
async fn a_network_that_comes_up_is_heard() {
    if !is_inside() {
        return on_a_network("network::a_network_that_comes_up_is_heard");
    }
    plug_in();
    let mut watch = Watch::start().await;
    assert_eq!(soon(&mut watch).await, Cause::NetworkLost, "there is none to begin with");
    ip("link set cable up");
    assert_quiet(&mut watch).await;
    ip("address add 10.1.0.5/24 dev cable");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
    ip("route add default via 10.1.0.1");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
}

#[tokio::test]
async fn one_that_goes_and_comes_back_is_heard_of_each_time() {
    if !is_inside() {
        return on_a_network("network::one_that_goes_and_comes_back_is_heard_of_each_time");
    }
    plug_in();
    // Its routes are told of one by one when they go, IPv4's aren't. Where it can't be switched
    // off the test only proves less.
    let _ = fs::write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    by_cable();
    let mut watch = Watch::start().await;
    ip("link set cable down");
    assert_eq!(soon(&mut watch).await, Cause::NetworkLost);
    assert_quiet(&mut watch).await;
    ip("link set cable up");
    ip("route add default via 10.1.0.1");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
}

#[tokio::test]
async fn a_cable_that_is_pulled_out_and_put_in_again_is_heard_of_though_its_address_stays() {
    if !is_inside() {
        return on_a_network(
            "network::a_cable_that_is_pulled_out_and_put_in_again_is_heard_of_though_its_address_stays",
        );
    }
    plug_in();
    by_cable();
    let mut watch = Watch::start().await;
    ip("link set cable-end down");
    assert_eq!(soon(&mut watch).await, Cause::NetworkLost);
    ip("link set cable-end up");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
    assert_quiet(&mut watch).await;
}

#[tokio::test]
async fn one_that_takes_the_place_of_another_is_heard() {
    if !is_inside() {
        return on_a_network("network::one_that_takes_the_place_of_another_is_heard");
    }
    plug_in();
    by_cable();
    let mut watch = Watch::start().await;
    // It is there, but nothing goes that way yet.
    ip("link set radio up");
    ip("address add 10.2.0.5/24 dev radio");
    ip("route add default via 10.2.0.1 metric 600");
    assert_quiet(&mut watch).await;
    // Nothing is lost by it.
    ip("link set cable down");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
    // A tunnel that takes everything: no address of the old way changes.
    ip("link set cable up");
    ip("address add 10.8.0.5/24 dev cable");
    ip("route add default via 10.8.0.1 metric 50");
    assert_eq!(soon(&mut watch).await, Cause::NetworkUp);
}

#[tokio::test]
async fn what_leaves_the_way_out_as_it_is_is_not_heard() {
    if !is_inside() {
        return on_a_network("network::what_leaves_the_way_out_as_it_is_is_not_heard");
    }
    plug_in();
    by_cable();
    let mut watch = Watch::start().await;
    // A container's bridge.
    ip("link set radio up");
    ip("address add 172.17.0.1/16 dev radio");
    ip("address del 172.17.0.1/16 dev radio");
    // A second address, and IPv6 beside what works.
    ip("address add 10.1.0.6/24 dev cable");
    ip("address add 2001:db8:1::5/64 dev cable nodad");
    ip("route add default via 2001:db8:1::1 dev cable");
    // The day's new address of the same network.
    ip("address add 2001:db8:1::6/64 dev cable nodad");
    ip("address del 2001:db8:1::5/64 dev cable");
    assert_quiet(&mut watch).await;
}

/// Runs the test of this name with a network that only it uses, and no system bus.
fn on_a_network(test: &str) {
    if !works(&["unshare", "--net", "ip", "link", "add", "type", "veth"]) {
        return skip("it takes root, the package iproute2 and a kernel with namespaces and veth");
    }
    run_inside(test, &["unshare", "--net"], "unix:path=/nowhere");
}

/// Two interfaces that are off. Each is a cable of which the other end is on.
fn plug_in() {
    for name in ["cable", "radio"] {
        ip(&format!("link add {name} type veth peer name {name}-end"));
        ip(&format!("link set {name}-end up"));
        // Addresses that the kernel gives by itself, a second later, would be heard as well.
        ip(&format!("link set {name} addrgenmode none"));
    }
}

/// The first of them leads everywhere.
fn by_cable() {
    ip("link set cable up");
    ip("address add 10.1.0.5/24 dev cable");
    ip("route add default via 10.1.0.1 metric 100");
}

/// Runs `ip` with these words.
fn ip(words: &str) {
    let output = Command::new("ip").args(words.split(' ')).output().unwrap();
    assert!(output.status.success(), "ip {words}: {}", String::from_utf8_lossy(&output.stderr));
}
