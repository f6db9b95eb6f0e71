//! Lists of hosts, as an option or a file of the user has them: `*.bank.example, 10.0.0.*, localhost:9000`.

use super::{
    address::{encode_host, host_of, without_port},
    letters::{Letter, split_terms},
    list::List,
    stars::{Pattern, read_patterns},
};

/// Whether patterns accept a `host:port` as [`host_of`] makes it.
pub fn accepts_host(patterns: &List<Pattern>, host: &str) -> bool {
    patterns.accepts(|pattern| pattern.matches(host) || pattern.matches(without_port(host)))
}

/// Hosts with commas between them.
pub fn host_list(value: &[Letter]) -> Result<List<Pattern>, String> {
    let mut list = read_patterns(value, "a host, such as api.example.com or *.example.com")?;
    for pattern in list.any.iter_mut().chain(&mut list.none) {
        *pattern = pattern.clone().map(encode_host);
    }
    Ok(list)
}

/// Reads hosts with commas or blanks between them; the same patterns as after `host:`.
pub fn read_hosts(text: &str) -> Result<List<Pattern>, String> {
    let mut letters: Vec<Letter> = Vec::new();
    for term in split_terms(&text.replace(',', " ")) {
        if !letters.is_empty() {
            letters.push(Letter {
                char: ',',
                quoted: false,
            });
        }
        letters.extend(term.letters);
    }
    host_list(&letters)
}

/// Whether the host of a URL is in a list that [`read_hosts`] understands; in an empty one none is.
pub fn is_listed(hosts: &str, url: &str) -> bool {
    if hosts.trim().is_empty() {
        return false;
    }
    let host = host_of(url);
    !host.is_empty() && read_hosts(hosts).is_ok_and(|list| accepts_host(&list, &host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_listed_with_stars_and_ports() {
        let hosts = "*.bank.example, 10.0.0.* localhost:9000,,bücher.de";
        for listed in [
            "https://api.BANK.example/pay",
            "http://10.0.0.7:81/",
            "http://localhost:9000/x",
            "https://xn--bcher-kva.de/",
        ] {
            assert!(is_listed(hosts, listed), "{listed}");
        }
        for other in [
            "https://bank.example/",
            "http://localhost:9001/",
            "no url",
            "",
        ] {
            assert!(!is_listed(hosts, other), "{other}");
        }
        assert!(!is_listed(" ", "http://h/"));
        assert!(read_hosts("-").is_err());
    }
}
