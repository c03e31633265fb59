//! What goes on beside the actor, such as a call to the market or work on many alerts: each comes back
//! to it as a [`Completion`].

use super::alerts::Worked;
use super::sync::Taken;
use crate::SendOutcome;
use crate::command::Answer;
use crate::self_test::Failure;
use crate::stored::{Fetched, Receipts, SyncError};
use agora_account::{Account, AccountError, Credential, Renewal, SignInFailure, Welcome};
use agora_inbox::{Deletion, Inbox, Marking, OpenError, Room};
use tokio::sync::OwnedMutexGuard;

/// What goes on beside the stream and comes back to the actor when it is done.
pub(super) enum Completion {
    /// The account's credential was looked up. The number tells the latest look-up from others.
    Credential(u64, Account, Credential),
    /// The keyring that was locked, or wasn't there, has answered.
    Unlocked(u64, Account, Credential),
    /// The keyring has taken the renewed credential that it had refused, or never will.
    Paid(Account, Option<Credential>),
    /// A credential that the market refused, or soon will, was renewed, or not.
    Renewed(u64, Account, Renewal),
    /// What couldn't be begun may be begun again.
    BeginAgain(u64),
    /// The account was saved or forgotten, or not.
    Account(Result<(), AccountError>, Answer<Result<(), AccountError>>),
    /// A person was signed in, or not.
    SignedIn(Result<Welcome, SignInFailure>, Answer<Result<Welcome, SignInFailure>>),
    /// The inbox was opened, or not.
    Opened(Result<Inbox, OpenError>),
    /// The inbox that can't be opened is to be tried again.
    OpenAgain,
    /// A file was set aside, or not.
    SetAside(Result<(), String>, Answer<Result<(), String>>),
    /// Work on many alerts is over; who asked for it is answered when it is announced.
    Worked(Worked, Box<dyn FnOnce() + Send>),
    /// What the market had stored was asked for, or it couldn't be. The number tells the present visit to
    /// the market from those before.
    Fetched(u64, Result<Fetched, SyncError>),
    /// What was found was taken in; on which visit, and with the turn that ends when it is told.
    Merged(u64, Taken, OwnedMutexGuard<()>),
    /// The market was told what was read here, or it couldn't be; on which visit.
    ReceiptsSent(u64, Result<Receipts, SyncError>),
    /// The market was asked whether all connections of the user are taken; on which visit.
    Counted(u64, bool),
    /// There may be something to tell.
    ReceiptsDue,
    /// A deletion can't be brought back any more.
    TrashIsOld(Deletion),
    /// A marking can't be undone any more.
    MarkingIsOld(Marking),
    /// The test's message was sent, or not: its mark, its data and how that ended.
    SelfTestSent(String, String, SendOutcome),
    /// The test can't go through the market: its mark, its data and why not.
    SelfTestLocal(String, String, Failure),
    /// Nothing more is waited for of the test with this mark.
    SelfTestIsOver(String),
    /// The clock was looked at; whether it is the first time on a new day.
    Looked(bool),
    /// Room was made in the inbox, or there was enough.
    Room(Room),
    /// A day is over since the clock was looked at.
    DayIsOver,
}
