//! What a body was that is here otherwise than it came.

use serde::{Deserialize, Serialize};

/// A body as it was received, where the history has something else of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Original {
    /// In bytes.
    pub size: u64,
    /// Whether only its start is here.
    pub is_cut: bool,
    /// So many values of it are marks.
    pub masked: u64,
}

impl Original {
    /// Of a body of which only the start is here.
    pub fn cut(size: u64) -> Self {
        Self {
            size,
            is_cut: true,
            masked: 0,
        }
    }
}

/// As it is written: rows of an older posttui have a length alone, of what was cut.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Cut(u64),
    Masked {
        size: u64,
        #[serde(default)]
        is_cut: bool,
        masked: u64,
    },
}

impl From<Written> for Original {
    fn from(written: Written) -> Self {
        match written {
            Written::Cut(size) => Self::cut(size),
            Written::Masked {
                size,
                is_cut,
                masked,
            } => Self {
                size,
                is_cut,
                masked,
            },
        }
    }
}

impl From<Original> for Written {
    fn from(original: Original) -> Self {
        let Original {
            size,
            is_cut,
            masked,
        } = original;
        if masked == 0 {
            return Self::Cut(size);
        }
        Self::Masked {
            size,
            is_cut,
            masked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read_again_and_the_old_one_is_still_written() {
        let cut = Original::cut(7);
        assert_eq!(serde_json::to_string(&cut).unwrap(), "7");
        assert_eq!(serde_json::from_str::<Original>("7").unwrap(), cut);
        let masked = Original {
            masked: 2,
            ..Original::default()
        };
        let text = serde_json::to_string(&masked).unwrap();
        assert_eq!(serde_json::from_str::<Original>(&text).unwrap(), masked);
    }
}
