//! STUB until merged
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter(String);
#[derive(Debug, thiserror::Error)]
#[error("bad")]
pub struct FilterError;
pub struct KeyRow {
    pub name: &'static str,
    pub example: &'static str,
    pub help: &'static str,
}
pub const KEYS: &[KeyRow] = &[];
impl Filter {
    pub fn parse(text: &str, _now: &jiff::ZonedDateTime) -> Result<Filter, FilterError> {
        Ok(Filter(text.to_owned()))
    }
}
