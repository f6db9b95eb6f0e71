//! Addresses that take the place of a name's.

use std::net::IpAddr;

/// Reads `host=address` pairs, separated by commas; `Err` with the one that is none.
pub fn parse_addresses(text: &str) -> Result<Vec<(String, IpAddr)>, String> {
    let pairs = text.split(',').map(str::trim);
    pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| parse_pair(pair).ok_or_else(|| pair.to_owned()))
        .collect()
}

fn parse_pair(pair: &str) -> Option<(String, IpAddr)> {
    let (host, address) = pair.split_once('=')?;
    let address = address.trim().trim_matches(['[', ']']);
    Some((host.trim().to_ascii_lowercase(), address.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_take_the_place_of_names() {
        assert_eq!(
            parse_addresses("a.example=127.0.0.1, B.example=[::1],").unwrap(),
            [
                ("a.example".to_owned(), IpAddr::from([127, 0, 0, 1])),
                ("b.example".to_owned(), "::1".parse().unwrap()),
            ]
        );
        for wrong in ["a.example", "a.example=nowhere", "a.example=1.2.3.4:80"] {
            assert_eq!(parse_addresses(wrong), Err(wrong.to_owned()));
        }
    }
}
