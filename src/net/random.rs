//! Texts that nobody can guess.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

use super::failure::Trouble;

/// 256 random bits as 43 letters, digits, hyphens and underscores: what a PKCE verifier may be made of
/// (RFC 7636, Section 4.1).
pub(super) fn random_text() -> Result<String, Trouble> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Trouble::NoRandom)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
