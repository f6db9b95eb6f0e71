//! What an outcome means: the catalogue of statuses, the user's own words for them, the meanings of
//! failures, and the diagnosis that puts them together with the evidence of this very response.

pub mod catalogue;
pub mod certificate;
pub mod diagnosis;
pub mod failure;
pub mod headers;
pub mod job;
pub mod losses;
pub mod pace;
pub mod retry;
pub mod rules;
