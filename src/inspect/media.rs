//! The Content-Type of a body, as far as looking at it needs: RFC 9110, Section 8.3.1.

/// A media type: the essence in lower case (`text/html`) and the charset parameter, if any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MediaType {
    essence: String,
    pub charset: Option<String>,
}

impl MediaType {
    pub fn parse(header: &str) -> Self {
        let mut parts = header.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
            .map(|(_, value)| value.trim().trim_matches(['"', '\'']).to_owned());
        Self { essence, charset }
    }

    /// As it is named to the user; empty where the response has none.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    pub fn is_json(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "application/json" | "text/json" | "application/x-json"
        ) || self.essence.ends_with("+json")
    }

    /// One JSON value a line.
    pub fn is_json_lines(&self) -> bool {
        let (_, subtype) = self.essence.split_once('/').unwrap_or_default();
        matches!(
            subtype,
            "ndjson"
                | "x-ndjson"
                | "jsonl"
                | "x-jsonl"
                | "jsonlines"
                | "x-jsonlines"
                | "json-lines"
        )
    }

    /// Server-sent events.
    pub fn is_events(&self) -> bool {
        self.essence == "text/event-stream"
    }

    /// Records of fields, with commas or tabs between them.
    pub fn is_table(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "text/csv" | "application/csv" | "text/x-csv"
        ) || self.is_tabs()
    }

    pub fn is_tabs(&self) -> bool {
        self.essence == "text/tab-separated-values"
    }

    /// XML or HTML.
    pub fn is_markup(&self) -> bool {
        self.is_html()
            || matches!(self.essence.as_str(), "application/xml" | "text/xml")
            || self.essence.ends_with("+xml")
    }

    pub fn is_html(&self) -> bool {
        self.essence == "text/html"
    }

    /// Types that are not shown as they are, as far as they are what they say.
    pub fn has_structure(&self) -> bool {
        self.is_json() || self.is_table() || self.is_markup()
    }

    /// Types that servers give to JSON when nobody told them better.
    pub fn may_be_json(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "" | "text/plain" | "text/html" | "text/javascript" | "application/javascript"
        )
    }

    /// A type whose bodies are text, whatever a few bytes in them look like.
    pub fn is_text(&self) -> bool {
        const TEXT: [&str; 6] = [
            "application/javascript",
            "application/x-www-form-urlencoded",
            "application/xml",
            "application/graphql",
            "application/yaml",
            "application/toml",
        ];
        self.essence.starts_with("text/")
            || self.essence.ends_with("+xml")
            || TEXT.contains(&self.essence.as_str())
            || self.is_json()
            || self.is_json_lines()
    }

    /// A type whose bodies are not text.
    pub fn is_binary(&self) -> bool {
        const BINARY: [&str; 13] = [
            "application/octet-stream",
            "application/gzip",
            "application/java-archive",
            "application/msgpack",
            "application/pdf",
            "application/protobuf",
            "application/vnd.rar",
            "application/wasm",
            "application/x-7z-compressed",
            "application/x-protobuf",
            "application/x-tar",
            "application/zip",
            "application/zstd",
        ];
        const FAMILIES: [&str; 5] = [
            "image/",
            "audio/",
            "video/",
            "font/",
            "application/vnd.openxmlformats-officedocument.",
        ];
        !self.is_text()
            && (BINARY.contains(&self.essence.as_str())
                || FAMILIES
                    .iter()
                    .any(|family| self.essence.starts_with(family)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_read_whatever_its_case_and_blanks() {
        let media = MediaType::parse("Text/HTML ; q=1; Charset=\"ISO-8859-1\"");
        assert_eq!(media.essence(), "text/html");
        assert_eq!(media.charset.as_deref(), Some("ISO-8859-1"));
        assert_eq!(MediaType::parse(""), MediaType::default());
    }

    #[test]
    fn types_fall_into_families() {
        for json in [
            "application/json",
            "application/problem+json; charset=utf-8",
            "text/json",
        ] {
            assert!(MediaType::parse(json).is_json(), "{json}");
        }
        assert!(MediaType::parse("application/x-ndjson").is_json_lines());
        assert!(!MediaType::parse("image/svg+xml").is_binary());
        for binary in ["image/png", "application/octet-stream", "font/woff2"] {
            assert!(MediaType::parse(binary).is_binary(), "{binary}");
        }
        assert!(!MediaType::parse("application/unheard-of").is_binary());
        assert!(!MediaType::parse("application/unheard-of").is_text());
    }
}
