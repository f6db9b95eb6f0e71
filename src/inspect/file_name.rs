//! A name for the file that a body is saved in.

use super::media::MediaType;

/// Bytes of a name at the most: file systems take 255.
const LONGEST: usize = 200;

/// The name that the Content-Disposition header gives (RFC 6266), else the end of the URL's path, else
/// `body`, with an ending by the media type. It is a plain name: no folder, no control characters, nothing
/// that hides the file.
pub fn file_name(disposition: Option<&str>, url: &str, content_type: Option<&str>) -> String {
    let given = disposition.and_then(of_disposition);
    if let Some(name) = given
        .map(|name| safe(&name))
        .filter(|name| !name.is_empty())
    {
        return name;
    }
    let extension = extension(content_type);
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split('/').skip(1).last().unwrap_or_default();
    let last = safe(&String::from_utf8_lossy(&decode(last.as_bytes())));
    match last {
        name if name.is_empty() => format!("body.{extension}"),
        name if name.contains('.') => name,
        name => format!("{name}.{extension}"),
    }
}

/// The ending of a file of this type, for programs that look at it.
pub fn extension(content_type: Option<&str>) -> &'static str {
    let media = MediaType::parse(content_type.unwrap_or_default());
    match media.essence() {
        _ if media.is_json() => "json",
        _ if media.is_json_lines() => "ndjson",
        _ if media.is_html() => "html",
        "image/svg+xml" => "svg",
        _ if media.is_markup() => "xml",
        _ if media.is_tabs() => "tsv",
        _ if media.is_table() => "csv",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/gzip" => "gz",
        "text/css" => "css",
        "text/javascript" | "application/javascript" => "js",
        "text/markdown" => "md",
        "application/yaml" | "text/yaml" => "yaml",
        _ if media.is_text() => "txt",
        _ => "bin",
    }
}

/// The file name of a Content-Disposition: `filename*` before `filename`.
fn of_disposition(header: &str) -> Option<String> {
    let parameters = parameters(header);
    let find = |name: &str| {
        parameters
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    };
    // RFC 8187, Section 3.2.1: charset'language'percent-encoded.
    let extended = find("filename*").and_then(|value| {
        let mut parts = value.splitn(3, '\'');
        let charset = parts.next()?;
        let bytes = decode(parts.nth(1)?.as_bytes());
        let encoding = encoding_rs::Encoding::for_label(charset.as_bytes())?;
        Some(encoding.decode_without_bom_handling(&bytes).0.into_owned())
    });
    extended.or_else(|| find("filename").map(str::to_owned))
}

/// The parameters of a header field: `name=token` or `name="quoted \" text"`.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = if let Some(quoted) = after.strip_prefix('"') {
            unquote(quoted)
        } else {
            let end = after.find(';').unwrap_or(after.len());
            let (value, next) = after.split_at_checked(end).unwrap_or((after, ""));
            (value.trim().to_owned(), next)
        };
        found.push((name.trim().trim_start_matches(';').trim().to_owned(), value));
        rest = next;
    }
    found
}

fn unquote(quoted: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, char)| char)),
            _ => value.push(char),
        }
    }
    (value, "")
}

/// Percent-encoding undone: RFC 3986, Section 2.1.
fn decode(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)));
        if let (b'%', (Some(high), Some(low))) = (byte, digits) {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(*byte);
            at += 1;
        }
    }
    decoded
}

/// The last part of what may be a path, without what a name must not hold.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|char| !char.is_control() && !":*?\"<>|".contains(*char))
        .collect();
    let shown = crate::text::display(&plain);
    let name = shown.trim_start_matches(|char: char| ".-~".contains(char) || char.is_whitespace());
    let mut end = name.len().min(LONGEST);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end)
        .unwrap_or_default()
        .trim_end_matches(|char: char| char == '.' || char.is_whitespace())
        .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_names_the_file_safely() {
        for (header, name) in [
            ("attachment; filename=\"report 1.csv\"", "report 1.csv"),
            ("attachment; filename=plain.txt", "plain.txt"),
            ("attachment; FileName = \"a\\\"b.txt\" ; x=1", "ab.txt"),
            (
                "attachment; filename=\"x.txt\"; filename*=UTF-8''%e2%82%ac%20rates.txt",
                "€ rates.txt",
            ),
            ("attachment; filename*=iso-8859-1'en'%A3.txt", "£.txt"),
            ("attachment; filename=\"../../etc/passwd\"", "passwd"),
            ("attachment; filename=\"C:\\\\temp\\\\x.txt\"", "x.txt"),
            ("attachment; filename=\".bashrc\"", "bashrc"),
            ("attachment; filename=\"-rf\"", "rf"),
            ("attachment; filename=\"a\u{1b}[2J.txt\"", "a[2J.txt"),
            ("attachment; filename=\"- .a\"", "a"),
            ("attachment; filename=\" ~ - . ..a\"", "a"),
            ("attachment; filename=\"a . .\"", "a"),
            ("attachment; filename=\"..\"", "users.json"),
            ("attachment", "users.json"),
            ("attachment; filename=", "users.json"),
        ] {
            let made = file_name(
                Some(header),
                "http://h/api/users?x=1",
                Some("application/json"),
            );
            assert_eq!(made, name, "{header}");
        }
    }

    #[test]
    fn without_a_header_the_url_names_it() {
        let of = |url, kind| file_name(None, url, Some(kind));
        assert_eq!(of("http://h/a/b.tar.gz#x", "application/gzip"), "b.tar.gz");
        assert_eq!(of("http://h/", "text/csv; charset=utf-8"), "body.csv");
        assert_eq!(of("http://h", "x/y"), "body.bin");
        assert_eq!(of("http://h/%2e%2e%2fx", "text/html"), "x.html");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn any_header_makes_a_plain_name(header in any::<String>(), name in any::<String>(), url in any::<String>()) {
            for header in [header, format!("attachment; filename=\"{name}\""), format!("x; filename*=utf-8''{name}")] {
                let made = file_name(Some(&header), &url, None);
                prop_assert!(!made.is_empty() && made.len() <= LONGEST + 10, "{made:?}");
                prop_assert!(!made.starts_with('.') && !made.contains(['/', '\\', '\0', '\n', '\u{1b}']), "{made:?}");
            }
        }
    }
}
