//! HTTP/1.1 to a server on this machine: one request a connection, bounded in time and size.
//!
//! No TLS, no proxies, no redirects. Addresses of other machines are refused: reports would go there in the clear. A
//! tunnel (`ssh -L`) or a proxy that speaks TLS brings a remote server to this machine.

use std::{
    fmt::Write as _,
    io::{ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    time::{Duration, Instant},
};

/// Largest answer, in bytes, with its head.
const MAX_ANSWER: usize = 4 << 20;

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    host: String,
    port: u16,
    /// Without a slash at its end.
    path: String,
}

/// What a URL must look like.
const EXPECTED: &str = "expected http://127.0.0.1:PORT/v1";

impl Url {
    /// Reads `http://HOST:PORT/PATH`.
    pub(super) fn parse(url: &str) -> Result<Url, String> {
        if url.starts_with("https://") {
            return Err("https is not spoken here: put a proxy that speaks TLS, or `ssh -L`, on this machine, and name \
                        its http address"
                .to_owned());
        }
        let rest = url.strip_prefix("http://").ok_or(EXPECTED)?;
        // Before anything is repeated: a password before an @ must not come back in a message.
        if rest.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@') {
            return Err(EXPECTED.to_owned());
        }
        let (place, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| format!("{port:?} is no port"))?)
            }
            _ => (place, 80),
        };
        if host.is_empty() {
            return Err(EXPECTED.to_owned());
        }
        Ok(Url { host: host.to_owned(), port, path: path.trim_end_matches('/').to_owned() })
    }

    /// Its address on this machine.
    fn address(&self) -> Result<SocketAddr, String> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let addresses = (host, self.port).to_socket_addrs().map_err(|_| format!("{host} is not known"))?;
        let mut addresses: Vec<SocketAddr> = addresses.collect();
        let here = |ip: IpAddr| ip.to_canonical().is_loopback();
        if addresses.is_empty() || !addresses.iter().all(|address| here(address.ip())) {
            return Err(format!("{host} is not this machine; reports would go there in the clear"));
        }
        Ok(addresses.swap_remove(0))
    }

    /// Whether it is on this machine.
    pub(super) fn check(&self) -> Result<(), String> {
        self.address().map(drop)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failed {
    /// Nobody answers: not there, or too slow.
    Silent(String),
    /// An answer that is of no use.
    Answered(String),
}

/// Posts JSON to `path` below the URL, and gives the body of a good answer.
pub(super) fn post(
    url: &Url,
    path: &str,
    key: Option<&str>,
    body: &str,
    patience: Duration,
) -> Result<Vec<u8>, Failed> {
    let deadline = Instant::now() + patience;
    let silent = |cause: &std::io::Error| {
        Failed::Silent(match cause.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => slow(patience),
            ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
            _ => crate::input::plain(cause),
        })
    };
    let address = url.address().map_err(Failed::Silent)?;
    let mut stream = TcpStream::connect_timeout(&address, patience).map_err(|cause| silent(&cause))?;
    let mut head = format!(
        "POST {}{path} HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/json\r\nAccept: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n",
        url.path,
        url.host,
        url.port,
        body.len()
    );
    if let Some(key) = key {
        let _ = write!(head, "Authorization: Bearer {key}\r\n");
    }
    head += "\r\n";
    stream.set_write_timeout(Some(patience)).map_err(|cause| silent(&cause))?;
    stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()))
        .map_err(|cause| silent(&cause))?;
    let mut answer = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Failed::Silent(slow(patience)));
        }
        stream.set_read_timeout(Some(left)).map_err(|cause| silent(&cause))?;
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(cause) if cause.kind() == ErrorKind::Interrupted => continue,
            Err(cause) => return Err(silent(&cause)),
        }
        if answer.len() > MAX_ANSWER {
            return Err(Failed::Answered(format!("the answer is larger than {} MiB", MAX_ANSWER >> 20)));
        }
        if is_whole(&answer) {
            break;
        }
    }
    read(&answer).map_err(Failed::Answered)
}

fn slow(patience: Duration) -> String {
    format!("no answer in {} s", patience.as_secs_f32())
}

/// An answer in its parts.
struct Answer<'a> {
    status: u16,
    length: Option<usize>,
    chunked: bool,
    body: &'a [u8],
}

fn parts(answer: &[u8]) -> Option<Answer<'_>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let mut lines = head.split("\r\n");
    let mut status = lines.next()?.split(' ');
    let protocol = status.next().filter(|protocol| protocol.starts_with("HTTP/1."));
    let status = protocol.and_then(|_| status.next()?.parse().ok())?;
    let (mut length, mut chunked) = (None, false);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_ascii_lowercase());
        match name.as_str() {
            "content-length" => length = value.parse().ok(),
            "transfer-encoding" => chunked = value == "chunked",
            _ => {}
        }
    }
    Some(Answer { status, length, chunked, body: &answer[end + 4..] })
}

/// Whether nothing is to come any more, so that a server that keeps the connection open is not waited for.
fn is_whole(answer: &[u8]) -> bool {
    match parts(answer) {
        Some(Answer { chunked: true, body, .. }) => body.ends_with(b"0\r\n\r\n") && unchunked(body).is_some(),
        Some(Answer { length: Some(length), body, .. }) => body.len() >= length,
        _ => false,
    }
}

fn read(answer: &[u8]) -> Result<Vec<u8>, String> {
    let Answer { status, length, chunked, body } = parts(answer).ok_or("the answer is not HTTP")?;
    if status != 200 {
        return Err(format!("the server answers with status {status}"));
    }
    if chunked {
        return unchunked(body).ok_or_else(|| "the answer was cut off".to_owned());
    }
    match length {
        Some(length) => {
            body.get(..length).map(<[u8]>::to_vec).ok_or_else(|| "the answer was cut off".to_owned())
        }
        None => Ok(body.to_vec()),
    }
}

/// The chunks of a body put together; none if it is not whole.
fn unchunked(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&body[..end]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        body = &body[end + 2..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let check = |url: &str, expected: Result<(&str, u16, &str), &str>| match (Url::parse(url), expected) {
            (Ok(found), Ok((host, port, path))) => {
                assert_eq!(
                    (found.host.as_str(), found.port, found.path.as_str()),
                    (host, port, path),
                    "{url}"
                );
            }
            (Err(found), Err(reason)) => assert!(found.contains(reason), "{url}: {found}"),
            (found, _) => panic!("{url}: {found:?}"),
        };
        check("http://127.0.0.1:8080/v1", Ok(("127.0.0.1", 8080, "/v1")));
        check("http://127.0.0.1:8080/v1/", Ok(("127.0.0.1", 8080, "/v1")));
        check("http://localhost", Ok(("localhost", 80, "")));
        check("http://[::1]:9/a", Ok(("[::1]", 9, "/a")));
        check("https://example.org/v1", Err("TLS"));
        check("http://user:secret@127.0.0.1/v1", Err("expected"));
        check("http://127.0.0.1:x/v1", Err("no port"));
        check("127.0.0.1:80", Err("expected"));
        check("http://", Err("expected"));
        check("http://127.0.0.1/a b\r\nX: y", Err("expected"));
    }

    #[test]
    fn only_this_machine() {
        let check = |url: &str| Url::parse(url).and_then(|url| url.check());
        assert_eq!(check("http://127.0.0.1:1/v1"), Ok(()));
        assert_eq!(check("http://[::1]:1/v1"), Ok(()));
        assert!(check("http://192.0.2.7:1/v1").is_err_and(|reason| reason.contains("in the clear")));
    }

    #[test]
    fn answers() {
        let check = |answer: &str, expected: Result<&str, &str>| {
            let found = read(answer.as_bytes());
            let found = found.as_ref().map(|body| String::from_utf8_lossy(body)).map_err(String::as_str);
            match (found, expected) {
                (Ok(body), Ok(expected)) => assert_eq!(body, expected, "{answer:?}"),
                (Err(reason), Err(expected)) => assert!(reason.contains(expected), "{answer:?}: {reason}"),
                (found, _) => panic!("{answer:?}: {found:?}"),
            }
        };
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", Ok("{}"));
        check("HTTP/1.0 200 OK\r\n\r\n{}", Ok("{}"));
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
            Ok("{}"),
        );
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{", Err("cut off"));
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{", Err("cut off"));
        check("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", Err("cut off"));
        check("HTTP/1.1 302 Found\r\nLocation: http://192.0.2.7/\r\n\r\n", Err("302"));
        check("HTTP/1.1 500 Oh\r\n\r\n", Err("500"));
        check("SSH-2.0-x\r\n\r\n", Err("not HTTP"));
        check("", Err("not HTTP"));
    }
}
