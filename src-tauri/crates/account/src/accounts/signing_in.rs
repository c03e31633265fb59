//! How a person is let in, and stays in: the sign-in, and the renewal of the token.
//!
//! A renewal changes what the market knows: where its answer is lost, so may be the session. So there is one
//! at a time for this home, the app and the command line included; what the market answers is in the keyring
//! before anybody uses it; and only the market's own no ends the session.

use super::{Patience, Remembered};
use crate::{
    Account, AccountError, Accounts, Credential, KeyringError, Lost, Settings, TokenChange,
    TokenPlace,
};
use agora_client::{
    BaseUrl, CallError, CallLimits, ClientId, Market, Proof, Reason, ReasonCode, RefreshError,
    Secret, SignInError, SignedIn, Token, Tokens, UserId, refresh,
};
use agora_home::Turn;
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::spawn_blocking;

/// How long another program's renewal may take: a call has half a minute, the keyring ten seconds.
const PATIENCE: Duration = Duration::from_secs(45);

/// Where the tokens of a person who signs in are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// In the keyring.
    Keyring,
    /// In this program's memory, because the person agreed to it.
    Memory,
}

/// Why a person wasn't signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInFailure {
    /// The market didn't let them in.
    #[error(transparent)]
    Market(#[from] SignInError),
    /// It did, and what it gave can't be kept. The former account still holds.
    #[error(transparent)]
    Account(#[from] AccountError),
}

/// A person who has signed in, and what their account is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The account.
    pub account: Account,
    /// Who it is.
    pub user_id: UserId,
    /// The market's word for what they are.
    pub role: Option<String>,
}

/// What came of asking for a token in place of one that the market doesn't take, or soon won't.
#[derive(Debug, Clone)]
pub enum Renewal {
    /// This is what there is now: renewed here, or by another program meanwhile.
    Found(Credential),
    /// The old token stays; it may be asked again later.
    Later(CallError),
    /// The session is over: the person has to sign in. The market's own words, where it said any.
    Over(Option<String>),
    /// There is nothing to renew it with: it was given by hand.
    Impossible,
}

impl Accounts {
    /// Signs a person in at the market, and makes this account theirs. The device id stays the same,
    /// whoever signs in. [`AccountError::AlreadyHere`] where they have another account of this home.
    pub async fn sign_in(
        &self,
        base: BaseUrl,
        proof: &Proof,
        two_factor: Option<&Secret>,
        keep: Keep,
    ) -> Result<Welcome, SignInFailure> {
        let device = self.device_id()?;
        let SignedIn { tokens, user_id, role } =
            calls(base.clone()).map_err(SignInError::Call)?.sign_in(proof, two_factor).await?;
        let account = Account { base, client_id: ClientId::for_device(&user_id, &device) };
        let tokens = match keep {
            Keep::Keyring => TokenChange::Keyring(tokens),
            Keep::Memory => TokenChange::Memory(tokens),
        };
        let name = match proof {
            Proof::Password { username, .. } => username.clone(),
            Proof::EmailCode { email, .. } => email.clone(),
        };
        self.save_as(account.clone(), tokens, role.clone(), Some(name)).await?;
        Ok(Welcome { account, user_id, role })
    }

    /// Has the market send a code to an email address.
    pub async fn send_code(&self, base: BaseUrl, email: &str) -> Result<(), SignInError> {
        calls(base).map_err(SignInError::Call)?.send_code(email).await
    }

    /// Asks for a token in place of `stale`. Not to be dropped half-way: the market may have given a new
    /// one by then, and the old one up.
    pub async fn renew(&self, account: &Account, stale: Option<&Token>) -> Renewal {
        let lock = self.files.settings.with_file_name("renewal.lock");
        // The file's lock is the other programs'; in this one nobody waits for it on a thread.
        let _here = self.renewing.lock().await;
        let _turn = match take(lock).await {
            Ok(turn) => turn,
            Err(error) => {
                tracing::warn!(%error, "another program's renewal of the token doesn't end");
                return Renewal::Later(not_sent(error.to_string()));
            }
        };
        let found = self.credential_with(account, Patience::Quiet).await;
        match &found {
            Credential::Lost(Lost::Keyring(_)) => return Renewal::Found(found),
            Credential::Lost(Lost::Forgotten) | Credential::None => return Renewal::Impossible,
            found if found.token() != stale => return Renewal::Found(found.clone()),
            _ => {}
        }
        let Some((tokens, refresh_token)) =
            found.tokens().and_then(|tokens| Some((tokens, tokens.refresh.clone()?)))
        else {
            return Renewal::Impossible;
        };
        tracing::info!("renewing the token");
        match refresh(account.base.clone(), refresh_token, CallLimits::default()).await {
            Ok(renewed) => {
                // A market that gives no new one goes on taking the old one.
                let refresh = renewed.refresh.clone().or_else(|| tokens.refresh.clone());
                self.keep_renewed(account, tokens, Tokens { refresh, ..renewed }).await
            }
            Err(RefreshError::Refused { message }) => {
                tracing::warn!("the market doesn't renew the token: the session is over");
                Renewal::Over(message)
            }
            Err(RefreshError::Later(error)) => {
                tracing::warn!(error = %error.redacted(), "the token can't be renewed now");
                Renewal::Later(error)
            }
        }
    }

    /// Keeps what the market gave in place of `before`, unless the person has signed out or in meanwhile.
    async fn keep_renewed(&self, account: &Account, before: &Tokens, renewed: Tokens) -> Renewal {
        let _turn = self.turn.lock().await;
        let settings = Settings::read(&self.files.settings).unwrap_or_default();
        if Self::saved(&settings).as_ref() != Some(account) {
            return dropped();
        }
        let remembered = self.in_memory(account).filter(|it| it.tokens == *before);
        if let Some(remembered) = remembered {
            self.remember(Some(Remembered { tokens: renewed.clone(), ..remembered }));
            return Renewal::Found(Credential::Memory(renewed));
        }
        if settings.token != TokenPlace::Keyring {
            return dropped();
        }
        match self.keyring.exchange(&account.name(), before.clone(), renewed.clone()).await {
            Ok(true) => Renewal::Found(Credential::Keyring(renewed)),
            Ok(false) => dropped(),
            Err(error) => {
                // It is all there is: better to lose it when the program ends than now.
                tracing::error!(%error, "the renewed token is kept in memory until the keyring takes it");
                self.remember(Some(Remembered {
                    account: account.clone(),
                    tokens: renewed.clone(),
                    owed: Some(before.clone()),
                }));
                Renewal::Found(Credential::Memory(renewed))
            }
        }
    }
}

/// What the keyring refused is its own once it takes it.
impl Accounts {
    /// Whether there are renewed tokens of the account that the keyring has refused.
    pub fn owes_keyring(&self, account: &Account) -> bool {
        self.in_memory(account).is_some_and(|remembered| remembered.owed.is_some())
    }

    /// Waits until the keyring takes the renewed tokens that it refused, and asks nobody for it. `None`:
    /// there are none any more, or another program has put its own in the place of the old ones. It may be
    /// dropped at any time, and called again.
    pub async fn pay_keyring(&self, account: &Account) -> Option<Credential> {
        let mut rings = self.keyring.rings();
        loop {
            {
                let _turn = self.turn.lock().await;
                let Remembered { tokens, owed, .. } = self.in_memory(account)?;
                match self.keyring.exchange(&account.name(), owed?, tokens.clone()).await {
                    Ok(true) => {
                        tracing::info!("the keyring has taken the renewed token");
                        self.remember(None);
                        return Some(Credential::Keyring(tokens));
                    }
                    Ok(false) => return None,
                    Err(error) => tracing::debug!(%error, "the keyring doesn't take the token yet"),
                }
            }
            rings.changed().await.ok()?;
        }
    }
}

fn dropped() -> Renewal {
    tracing::info!("the account has changed meanwhile: the renewed token is dropped");
    Renewal::Impossible
}

async fn take(lock: PathBuf) -> std::io::Result<Turn> {
    let taken = spawn_blocking(move || Turn::take(&lock, PATIENCE)).await;
    taken.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

fn calls(base: BaseUrl) -> Result<Market, CallError> {
    Market::new(base, None).map_err(|error| not_sent(error.to_string()))
}

fn not_sent(detail: String) -> CallError {
    CallError::NotSent {
        reason: Reason { code: ReasonCode::Setup, status: None, detail: Some(detail) },
    }
}

/// Keeping tokens where the keyring says no is the person's choice.
impl SignInFailure {
    /// The keyring's no, where it is that.
    pub fn keyring(&self) -> Option<&KeyringError> {
        match self {
            Self::Account(AccountError::Keyring(error)) => Some(error),
            _ => None,
        }
    }
}
