//! The tray in a language that is a file and nothing else, which `./dev test languages` makes up: each of its
//! texts is the English one in brackets, and it counts in four forms.

use agora_account::AccountName;
use agora_alert::catalogue::Language;
use agora_receiver::Status;
use agora_resident::tray::{Item, Model, Summary};

fn account(status: Status, unread: u32) -> Summary {
    Summary {
        name: AccountName::main(),
        number: 0,
        is_demo: false,
        label: Some("متجر الشاي".to_owned()),
        account: None,
        status,
        paused: false,
        unread,
    }
}

fn made_up() -> Language {
    Language::of_tag("qaa").expect("the build takes the made-up language")
}

#[test]
fn every_line_of_the_tray_is_said_in_it() {
    let model = Model::of(&[account(Status::NoNetwork, 2)], made_up());
    for item in model.menu().into_iter().filter(|item| *item != Item::Separator) {
        let label = model.label(item);
        assert!(label.starts_with('⟦') && label.ends_with('⟧'), "{item:?}: {label}");
    }
    assert_eq!(model.label(Item::Open), "⟦Open⟧");
}

#[test]
fn the_unread_are_counted_in_its_own_forms() {
    for (unread, said) in [
        (1, "⟦one: 1 unread alerts⟧"),
        (2, "⟦two: 2 unread alerts⟧"),
        (4, "⟦few: 4 unread alerts⟧"),
        (5, "⟦other: 5 unread alerts⟧"),
        (101, "⟦one: 101 unread alerts⟧"),
        (103, "⟦few: 103 unread alerts⟧"),
    ] {
        let model = Model::of(&[account(Status::NoNetwork, unread)], made_up());
        assert_eq!(model.label(Item::Unread), said);
    }
}

#[test]
fn what_an_account_is_called_keeps_to_its_place() {
    let both = [account(Status::NoNetwork, 0), account(Status::NoInbox, 0)];
    let model = Model::of(&both, made_up());
    assert!(model.status.starts_with("⟦\u{2068}متجر الشاي\u{2069}: ⟦"), "{}", model.status);
}
