//! A client that hides nothing: it writes bytes and reads one reply at a time.

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use posttui::demo::Playground;

/// How long a reply is waited for before the test fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// A playground and the runtime that it lives on.
pub struct Ground {
    pub playground: Playground,
    pub runtime: tokio::runtime::Runtime,
}

impl Ground {
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let playground = runtime.block_on(Playground::start(None)).unwrap();
        Self {
            playground,
            runtime,
        }
    }

    pub fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.playground.address()).unwrap();
        // Else each small write waits for the one before to be acknowledged.
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Client(BufReader::new(stream))
    }

    /// One request without a body over a connection of its own.
    pub fn get(&self, target: &str) -> Answer {
        self.connect().ask("GET", target, &[], b"")
    }

    pub fn post(&self, target: &str, content_type: &str, body: &str) -> Answer {
        let headers = [("Content-Type", content_type)];
        self.connect()
            .ask("POST", target, &headers, body.as_bytes())
    }

    pub fn post_form(&self, target: &str, body: &str) -> Answer {
        self.post(target, "application/x-www-form-urlencoded", body)
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

pub struct Client(BufReader<TcpStream>);

/// A reply: its head as it came, and its body without chunks.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub reason: Vec<u8>,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Client {
    pub fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    /// Sends a request and reads its reply.
    pub fn ask(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.send(method, target, headers, body);
        self.read(method != "HEAD").unwrap()
    }

    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut bytes = format!("{method} {target} HTTP/1.1\r\nHost: playground\r\n");
        for (name, value) in headers {
            write!(bytes, "{name}: {value}\r\n").unwrap();
        }
        if !body.is_empty() {
            write!(bytes, "Content-Length: {}\r\n", body.len()).unwrap();
        }
        bytes.push_str("\r\n");
        self.write(bytes);
        self.write(body);
    }

    /// Reads the next reply; an error where it breaks off.
    pub fn read(&mut self, has_body: bool) -> io::Result<Answer> {
        let mut answer = self.read_head()?;
        let bodiless = matches!(answer.status, 100..=199 | 204 | 304);
        if has_body && !bodiless {
            answer.body = self.read_body(&answer)?;
        }
        Ok(answer)
    }

    pub fn read_head(&mut self) -> io::Result<Answer> {
        let line = self.read_line()?;
        let mut parts = line.splitn(3, |byte| *byte == b' ');
        assert_eq!(
            parts.next(),
            Some(&b"HTTP/1.1"[..]),
            "{}",
            line.escape_ascii()
        );
        let status = String::from_utf8_lossy(parts.next().unwrap())
            .parse()
            .unwrap();
        let reason = parts.next().unwrap().to_vec();
        let mut headers = Vec::new();
        loop {
            let line = self.read_line()?;
            if line.is_empty() {
                break;
            }
            let colon = line.iter().position(|byte| *byte == b':').unwrap();
            let name = String::from_utf8(line[..colon].to_vec()).unwrap();
            headers.push((name, line[colon + 1..].trim_ascii().to_vec()));
        }
        Ok(Answer {
            status,
            reason,
            headers,
            body: Vec::new(),
        })
    }

    fn read_body(&mut self, head: &Answer) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if head.header("transfer-encoding").as_deref() == Some("chunked") {
            while let Some(chunk) = self.read_chunk()? {
                body.extend(chunk);
            }
        } else if let Some(length) = head.header("content-length") {
            body.resize(length.parse().unwrap(), 0);
            self.0.read_exact(&mut body)?;
        } else {
            self.0.read_to_end(&mut body)?;
        }
        Ok(body)
    }

    /// The next chunk; `None` for the last one.
    pub fn read_chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let line = String::from_utf8(self.read_line()?).unwrap();
        let mut chunk = vec![0; usize::from_str_radix(&line, 16).unwrap()];
        self.0.read_exact(&mut chunk)?;
        assert_eq!(self.read_line()?, b"");
        Ok((!chunk.is_empty()).then_some(chunk))
    }

    fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.0.read_until(b'\n', &mut line)?;
        match line.strip_suffix(b"\r\n") {
            Some(line) => Ok(line.to_vec()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Everything up to the end of the connection.
    pub fn read_to_end(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Ends the sending side, as a client that has no more to say.
    pub fn shutdown_writing(&self) {
        self.0
            .get_ref()
            .shutdown(std::net::Shutdown::Write)
            .unwrap();
    }

    /// Whether nothing arrives within `time`.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        self.0.get_ref().set_read_timeout(Some(time)).unwrap();
        let silent = matches!(
            self.0.fill_buf().map_err(|error| error.kind()),
            Err(io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
        );
        self.0.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        silent
    }
}

impl Answer {
    /// The first value called `name`.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
