//! What the environment tells a hub: the vendors' addresses and its credentials there, under the names that
//! `sagaproof serve --print-env` prints.

use std::env;

use sagaproof_orchestrator::connector::Credentials;
use sagaproof_orchestrator::driver::Base;

use crate::cli::Failure;
use crate::diagnostic::Diagnostic;

/// What every name begins with.
pub(super) const PREFIX: &str = "SAGAPROOF_";

/// What the environment says under this name; blank counts as absent.
pub(in crate::cli) fn optional(name: &str) -> Result<Option<String>, Failure> {
    let name = [PREFIX, name].concat();
    match env::var(&name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) if value.contains(|c: char| c.is_control()) => {
            Err(wrong(&name, "holds a control character, which no header can").into())
        }
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(wrong(&name, "is not UTF-8").into()),
    }
}

fn required(name: &str, fix: &str) -> Result<String, Failure> {
    optional(name)?.ok_or_else(|| {
        Diagnostic::new(format!("{PREFIX}{name} is not set"))
            .fix(format!("{fix}; `sagaproof serve --print-env` prints it"))
            .into()
    })
}

/// A vendor's address: as a flag says, else as the environment does.
pub(super) fn base(flag: Option<&Base>, vendor: &str) -> Result<Base, Failure> {
    if let Some(base) = flag {
        return Ok(base.clone());
    }
    let name = format!("{}_URL", vendor.to_uppercase());
    let url = required(&name, &format!("set it, or say --{vendor} URL"))?;
    url.parse().map_err(|bad| Diagnostic::new(format!("{PREFIX}{name}: {bad}")).into())
}

/// The hub's credentials at the vendors.
pub(super) fn credentials() -> Result<Credentials, Failure> {
    let secret = |name| required(name, "set it to the hub's credential there");
    Ok(Credentials {
        commerce_token: secret("COMMERCE_TOKEN")?,
        support_email: secret("SUPPORT_EMAIL")?,
        support_token: secret("SUPPORT_TOKEN")?,
        identity_client_id: secret("IDENTITY_CLIENT_ID")?,
        identity_client_secret: secret("IDENTITY_CLIENT_SECRET")?,
        identity_audience: secret("IDENTITY_AUDIENCE")?,
        messaging_token: secret("MESSAGING_TOKEN")?,
    })
}

/// Something wrong with a value, which is not shown: it may be a secret.
fn wrong(name: &str, problem: &str) -> Diagnostic {
    Diagnostic::new(format!("{name} {problem}")).fix("set it anew")
}
