//! Registries on this machine: Debian's, and one that answers as a test says.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// `sha256:…` of these bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let digits: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// How a registry is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Tls,
    /// With the name `open` and the password `sesame`.
    Password,
}

/// A registry that runs until it is dropped.
pub(crate) struct Registry {
    child: Child,
    pub(crate) port: u16,
}

/// What registries keep. Several may share it.
pub(crate) struct Storage {
    pub(crate) folder: TempDir,
}

impl Storage {
    pub(crate) fn new() -> Storage {
        Storage { folder: TempDir::new().unwrap() }
    }

    /// Replaces content without changing its digest.
    pub(crate) fn damage(&self, digest: &str, bytes: &[u8]) {
        let digits = digest.strip_prefix("sha256:").unwrap();
        let of = format!("data/docker/registry/v2/blobs/sha256/{}/{digits}/data", &digits[..2]);
        fs::write(self.folder.path().join(of), bytes).unwrap();
    }
}

impl Registry {
    /// Starts the registry of `inputs`.
    pub(crate) fn start(inputs: &Path, storage: &Storage, kind: Kind) -> Registry {
        // Free until somebody else takes it; the registry then fails, and another one is tried.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let folder = storage.folder.path();
            let mut text = format!(
                "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
                 storage: {{filesystem: {{rootdirectory: {0}/data}}}}\nhttp:\n  addr: 127.0.0.1:{port}\n",
                folder.display()
            );
            let file = |name: &str| inputs.join(name).display().to_string();
            if kind == Kind::Tls {
                let (certificate, key) = (file("server.pem"), file("server.key"));
                text += &format!("  tls: {{certificate: {certificate}, key: {key}}}\n");
            }
            if kind == Kind::Password {
                // bcrypt of `sesame`.
                let line = "open:$2b$05$abcdefghijklmnopqrstuuKcS.CYWVYVaLiiCKrrc0A5s3mGesJ9O\n";
                fs::write(folder.join("htpasswd"), line).unwrap();
                let path = folder.join("htpasswd");
                text +=
                    &format!("auth: {{htpasswd: {{realm: tests, path: {}}}}}\n", path.display());
            }
            let config = folder.join(format!("{port}.yml"));
            fs::write(&config, text).unwrap();
            let mut child = Command::new(inputs.join("docker-registry"))
                .arg("serve")
                .arg(&config)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(30) && child.try_wait().unwrap().is_none() {
                if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Registry { child, port };
                }
                thread::sleep(Duration::from_millis(20));
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("the registry does not start");
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Publishes a manifest under a tag, with content, and returns the manifest's digest.
    pub(crate) fn push(
        &self,
        repository: &str,
        tag: &str,
        manifest: &str,
        content: &[&[u8]],
    ) -> String {
        for bytes in content {
            let (status, head, _) =
                self.send("POST", &format!("/v2/{repository}/blobs/uploads/"), "", b"");
            assert_eq!(status, 202);
            let place = &head["location"];
            let path = &place[place.find("/v2/").unwrap()..];
            let joined = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{joined}digest={}", digest(bytes));
            assert_eq!(self.send("PUT", &path, "application/octet-stream", bytes).0, 201);
        }
        let value: serde_json::Value = serde_json::from_str(manifest).unwrap();
        let media_type = value["mediaType"].as_str().unwrap();
        let path = format!("/v2/{repository}/manifests/{tag}");
        let (status, _, body) = self.send("PUT", &path, media_type, manifest.as_bytes());
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        digest(manifest.as_bytes())
    }

    /// A manifest, by its tag or digest.
    pub(crate) fn manifest(&self, repository: &str, tag: &str) -> serde_json::Value {
        let (status, _, body) =
            self.send("GET", &format!("/v2/{repository}/manifests/{tag}"), "", b"");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        media_type: &str,
        body: &[u8],
    ) -> (u16, BTreeMap<String, String>, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: */*, application/vnd.oci.image.manifest.v1+json, \
             application/vnd.oci.image.index.v1+json\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
            self.host(),
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let headers = headers(&mut reader);
        let mut body = Vec::new();
        reader.read_to_end(&mut body).unwrap();
        (status, headers, body)
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The headers of a message, by their names in lower case.
fn headers(reader: &mut impl BufRead) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            found.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}

/// What a scripted server sends.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether it says that the body has one byte more, and then waits.
    pub(crate) stalls: bool,
}

impl Reply {
    pub(crate) fn of(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, headers: Vec::new(), body: body.into(), stalls: false }
    }
}

/// A request to a scripted server.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// Starts a server without TLS that answers as `answer` says, and returns its port. It ends with the process.
pub(crate) fn scripted(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (stream, answer) = (stream.unwrap(), Arc::clone(&answer));
            thread::spawn(move || serve(stream, &*answer));
        }
    });
    port
}

fn serve(mut stream: TcpStream, answer: &(dyn Fn(&Asked) -> Reply + Send + Sync)) {
    let mut first = [0];
    if stream.peek(&mut first).unwrap_or(0) == 0 {
        return;
    }
    // A client that begins with TLS.
    if first[0] == 0x16 {
        let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n");
        return;
    }
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let headers = headers(&mut reader);
    let size = headers.get("content-length").map_or(0, |it| it.parse().unwrap());
    let mut body = vec![0; size];
    reader.read_exact(&mut body).unwrap();
    let asked = Asked { method, path, headers, body };
    let Reply { status, headers, body, stalls } = answer(&asked);
    let mut head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len() + usize::from(stalls)
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(b"\r\n");
    let _ = stream.write_all(&body);
    if stalls {
        thread::sleep(Duration::from_secs(60));
    }
}
