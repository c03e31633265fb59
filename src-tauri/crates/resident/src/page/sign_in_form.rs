//! What the sign-in form holds, checked, and what the market's no means for it.

use super::view;
use crate::ipc::{
    FieldError, FormField, FormRule, KeepIn, Problem, ProblemCode, SignInBy, SignInForm,
};
use agora_account::Keep;
use agora_client::{BaseUrl, CallError, Proof, Secret, SignInError};

/// What to sign in with.
pub(super) struct SignIn {
    pub(super) base: BaseUrl,
    pub(super) proof: Proof,
    pub(super) two_factor: Option<Secret>,
    pub(super) keep: Keep,
}

/// What the form says, or what is wrong with it.
pub(super) fn checked(form: SignInForm) -> Result<SignIn, Vec<FieldError>> {
    let SignInForm { base_url, by, name, secret, two_factor_code, keep_in } = form;
    // A password may begin or end with a space; a code doesn't.
    let secret = Secret::new(secret);
    let code = two_factor_code.map(Secret::new);
    let name = name.trim().to_owned();
    let (of_name, of_secret) = fields(by);
    let mut errors = Vec::new();
    let base = view::base_url(&base_url).map_err(|error| errors.push(error));
    let two_factor = code.map(|code| trimmed(&code));
    for (field, text) in [
        (of_name, Some(name.as_str())),
        (of_secret, Some(secret.expose())),
        (FormField::TwoFactorCode, two_factor.as_ref().map(Secret::expose)),
    ] {
        if text.is_some_and(|text| text.trim().is_empty()) {
            errors.push(FieldError::of(field, FormRule::Required, "This is needed."));
        }
    }
    let proof = match by {
        SignInBy::Password => Proof::Password { username: name, password: secret },
        SignInBy::Email => Proof::EmailCode { email: name, code: trimmed(&secret) },
    };
    let keep = match keep_in {
        KeepIn::Memory => Keep::Memory,
        KeepIn::Keyring | KeepIn::NewKeyring => Keep::Keyring,
    };
    match base {
        Ok(base) if errors.is_empty() => Ok(SignIn { base, proof, two_factor, keep }),
        _ => Err(errors),
    }
}

/// Where a code is to be sent, and by whom.
pub(super) fn address(base_url: &str, email: &str) -> Result<(BaseUrl, String), Vec<FieldError>> {
    let email = email.trim();
    let mut errors = Vec::new();
    let base = view::base_url(base_url).map_err(|error| errors.push(error));
    let rule = match email {
        "" => Some(FormRule::Required),
        email if !email.contains('@') => Some(FormRule::Malformed),
        _ => None,
    };
    let wrong = |rule| FieldError::of(FormField::Email, rule, "This is no email address.");
    errors.extend(rule.map(wrong));
    match base {
        Ok(base) if errors.is_empty() => Ok((base, email.to_owned())),
        _ => Err(errors),
    }
}

/// What the market's no means for the form: the field that it is about, or what to do instead.
pub(super) fn refused(error: &SignInError, by: SignInBy, base: &BaseUrl) -> Problem {
    let wrong = |field| {
        let wrong = FieldError::of(field, FormRule::Wrong, &error.to_string());
        Problem { fields: vec![wrong], ..Problem::of(ProblemCode::Invalid, &error.to_string()) }
    };
    let words = error.message().unwrap_or_default();
    match error {
        SignInError::Wrong(_) => wrong(fields(by).1),
        SignInError::TwoFactorWrong(_) => wrong(FormField::TwoFactorCode),
        SignInError::TwoFactorWanted(_) => Problem::of(ProblemCode::TwoFactorWanted, words),
        SignInError::Locked(_) => Problem::of(ProblemCode::AccountLocked, words),
        SignInError::TooMany { retry_after, .. } => {
            let wait = retry_after.map(|wait| format!("{:.0}", wait.as_secs_f64().ceil()));
            Problem::of(ProblemCode::TooManyTries, wait.as_deref().unwrap_or_default())
        }
        SignInError::CaptchaWanted(_) => Problem::of(ProblemCode::CaptchaWanted, words),
        SignInError::NoSignIn => match base.with_api() {
            Some(api) => {
                let no_api = FieldError {
                    mended: Some(api.to_string()),
                    ..FieldError::of(FormField::BaseUrl, FormRule::NoApi, &error.to_string())
                };
                Problem::invalid(vec![no_api])
            }
            None => Problem::of(ProblemCode::NoSignIn, ""),
        },
        SignInError::Call(CallError::Refused(refusal)) => {
            let status = refusal.status.to_string();
            Problem::of(ProblemCode::NoAnswer, refusal.message.as_deref().unwrap_or(&status))
        }
        error => Problem::of(ProblemCode::NoAnswer, &error.to_string()),
    }
}

fn fields(by: SignInBy) -> (FormField, FormField) {
    match by {
        SignInBy::Password => (FormField::Name, FormField::Password),
        SignInBy::Email => (FormField::Email, FormField::EmailCode),
    }
}

fn trimmed(code: &Secret) -> Secret {
    Secret::new(code.expose().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(by: SignInBy, name: &str, secret: &str, code: Option<&str>) -> SignInForm {
        SignInForm {
            base_url: "https://market.example/api".to_owned(),
            by,
            name: name.to_owned(),
            secret: secret.to_owned(),
            two_factor_code: code.map(ToOwned::to_owned),
            keep_in: KeepIn::Keyring,
        }
    }

    #[test]
    fn what_is_missing_is_named_and_a_password_stays_as_it_was_typed() {
        use FormField::{Email, EmailCode, Name, Password, TwoFactorCode};
        for (by, name, secret, code, missing) in [
            (SignInBy::Password, "", "", None, &[Name, Password][..]),
            (SignInBy::Password, " ", "  ", Some(" "), &[Name, Password, TwoFactorCode]),
            (SignInBy::Email, "", "", None, &[Email, EmailCode]),
            (SignInBy::Email, "a@b", "1", Some(""), &[TwoFactorCode]),
        ] {
            let errors = checked(form(by, name, secret, code)).err().unwrap();
            let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
            assert_eq!(fields, missing, "{name:?} {secret:?} {code:?}");
        }
        let fine =
            checked(form(SignInBy::Password, " mei ", " pass word ", Some(" 1 "))).ok().unwrap();
        let Proof::Password { username, password } = fine.proof else { panic!() };
        assert_eq!((&*username, password.expose()), ("mei", " pass word "));
        assert_eq!(fine.two_factor.unwrap().expose(), "1");
        let wrong =
            SignInForm { base_url: "tea".to_owned(), ..form(SignInBy::Password, "a", "b", None) };
        assert_eq!(checked(wrong).err().unwrap()[0].field, FormField::BaseUrl);
    }

    #[test]
    fn an_address_without_a_sign_in_is_mended_where_it_has_no_path() {
        let told = |base| {
            let base = BaseUrl::parse(base).unwrap();
            refused(&SignInError::NoSignIn, SignInBy::Password, &base)
        };
        let Problem { fields, .. } = told("https://market.example");
        assert_eq!((fields[0].field, fields[0].rule), (FormField::BaseUrl, FormRule::NoApi));
        assert_eq!(fields[0].mended.as_deref(), Some("https://market.example/api"));
        assert_eq!(told("https://market.example/api").code, ProblemCode::NoSignIn);
    }

    #[test]
    fn a_code_is_sent_to_what_looks_like_an_address() {
        let of = |email| address("https://market.example/api", email);
        assert_eq!(of(" tea@market.example ").unwrap().1, "tea@market.example");
        assert_eq!(of("").unwrap_err()[0].rule, FormRule::Required);
        assert_eq!(of("tea").unwrap_err()[0].rule, FormRule::Malformed);
    }
}
