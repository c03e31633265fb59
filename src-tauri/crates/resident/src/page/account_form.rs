//! What the account form holds, checked.

use super::view;
use crate::ipc::{AccountForm, FieldError, FormField, FormRule, KeepIn};
use agora_account::{Account, Accounts, TokenChange};
use agora_client::{ClientId, Token, Tokens, UserId};

/// Why the form can't be saved.
#[derive(Debug)]
pub(crate) enum FormError {
    /// These fields are wrong.
    Fields(Vec<FieldError>),
    /// This device has no id and can't be given one.
    Device(agora_account::AccountError),
}

/// The account that the form describes, and what it says of the token.
pub(crate) fn checked(
    form: &AccountForm,
    accounts: &Accounts,
) -> Result<(Account, TokenChange), FormError> {
    let base = view::base_url(&form.base_url);
    let client_id = match given(form.client_id.as_deref()) {
        Some(text) => Ok(ClientId::parse(text).map_err(|error| view::field_error(&error))),
        None => for_user(form.user_id.as_deref().unwrap_or_default().trim(), accounts),
    }
    .map_err(FormError::Device)?;
    let token = match form.token.as_deref().map(str::trim) {
        None => Ok(TokenChange::Keep),
        Some("") => Ok(TokenChange::Remove),
        Some(text) => Token::parse(text)
            .map(Tokens::from)
            .map(match form.keep_in {
                KeepIn::Memory => TokenChange::Memory,
                KeepIn::Keyring | KeepIn::NewKeyring => TokenChange::Keyring,
            })
            .map_err(|error| view::field_error(&error)),
    };
    match (base, client_id, token) {
        (Ok(base), Ok(client_id), Ok(token)) => Ok((Account { base, client_id }, token)),
        (base, client_id, token) => {
            let errors = [base.err(), client_id.err(), token.err()];
            Err(FormError::Fields(errors.into_iter().flatten().collect()))
        }
    }
}

/// This device's client id for a user. The market's form wants the user's number.
fn for_user(
    text: &str,
    accounts: &Accounts,
) -> Result<Result<ClientId, FieldError>, agora_account::AccountError> {
    let user = match UserId::parse(text) {
        Err(error) => return Ok(Err(view::field_error(&error))),
        Ok(_) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let message = "The user id must be a number.";
            return Ok(Err(FieldError::of(FormField::UserId, FormRule::Malformed, message)));
        }
        Ok(user) => user,
    };
    Ok(Ok(ClientId::for_device(&user, &accounts.device_id()?)))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
