//! `secondcall certify` and `verify`: what is written, and why a certificate is refused. `tests/certificates/interoperate`
//! shows that other implementations read the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use ct_codecs::{Base64, Decoder, Encoder};
use ed25519_compact::{KeyPair, Seed};
use program::{Ran, secondcall};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const POLICY: &str = "version = 1\nhosts = [\"spec\"]\nmax-age = \"90d\"\n";
const MADE: &str = "2026-11-29T12:00:00Z";

/// A component, a pair of keys and a certificate.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Bench {
        let bench = Bench { folder: TempDir::new().unwrap() };
        let wat = "(component (core module $m (func (export \"f\") (result i32) (i32.const 7)))
            (core instance $i (instantiate $m))
            (func (export \"seven\") (result u32) (canon lift (core func $i \"f\"))))";
        fs::write(bench.path("app.wasm"), wat::parse_str(wat).unwrap()).unwrap();
        for (name, seed) in [("own", 1), ("foreign", 2)] {
            let pair = KeyPair::from_seed(Seed::new([seed; 32]));
            fs::write(bench.path(&format!("{name}.pem")), pair.sk.to_pem()).unwrap();
            fs::write(bench.path(&format!("{name}.pub.pem")), pair.pk.to_pem()).unwrap();
        }
        fs::write(bench.path("policy.toml"), POLICY).unwrap();
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, with the names of files replaced by their paths.
    fn run(&self, words: &[&str]) -> Ran {
        let is_file = |word: &str| {
            word.ends_with(".wasm")
                || word.ends_with(".pem")
                || word.ends_with(".toml")
                || word.ends_with(".json")
        };
        let path = |word: &&str| match is_file(word) {
            true => self.path(word).to_str().unwrap().to_owned(),
            false => (*word).to_owned(),
        };
        secondcall(&words.iter().map(path).collect::<Vec<_>>())
    }

    fn certify(&self, options: &[&str]) -> Ran {
        let words = ["certify", "app.wasm", "-k", "own.pem", "-o", "app.json", "--no-cache"];
        self.run(&[&words[..], options].concat())
    }

    fn verify(&self, options: &[&str]) -> Ran {
        let words = ["verify", "app.wasm", "-c", "app.json", "--now", "2026-12-01T00:00:00Z"];
        self.run(&[&words[..], options].concat())
    }

    /// The exit code, and the reasons for which the certificate is refused under the policy.
    fn refused(&self, policy: &str) -> (Option<i32>, Vec<String>) {
        fs::write(self.path("policy.toml"), policy).unwrap();
        let ran = self.verify(&["-k", "own.pub.pem", "-p", "policy.toml"]);
        (ran.code, reasons(&ran))
    }

    fn statement(&self) -> Value {
        let text = fs::read_to_string(self.path("app.json")).unwrap();
        let envelope: Value = serde_json::from_str(&text).unwrap();
        let payload = Base64::decode_to_vec(envelope["payload"].as_str().unwrap(), None).unwrap();
        serde_json::from_slice(&payload).unwrap()
    }

    /// Signs another statement with the own key.
    fn sign(&self, statement: &[u8]) {
        let kind = "application/vnd.in-toto+json";
        let message = format!("DSSEv1 {} {kind} {} ", kind.len(), statement.len());
        let key = KeyPair::from_seed(Seed::new([1; 32]));
        let signature = key.sk.sign([message.as_bytes(), statement].concat(), None);
        let base64 = |bytes: &[u8]| Base64::encode_to_string(bytes).unwrap();
        let envelope = format!(
            r#"{{"payload":"{}","payloadType":"{kind}","signatures":[{{"sig":"{}"}}]}}"#,
            base64(statement),
            base64(&signature[..])
        );
        fs::write(self.path("app.json"), envelope).unwrap();
    }
}

/// What stands between brackets at the beginning of lines.
fn reasons(ran: &Ran) -> Vec<String> {
    let refusals = ran.out.lines().filter_map(|line| line.strip_prefix("refused["));
    refusals.filter_map(|it| Some(it.split_once(']')?.0.to_owned())).collect()
}

/// Holds a value to a schema.
fn validate(value: &Value, schema: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(schema);
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(value).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

fn sha256(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_certificate_says_what_was_found_and_holds() {
    let bench = Bench::new();
    let ran = bench.certify(&["--time", MADE]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    assert_eq!(ran.err, "found: spec: 1 export is proven stateless\n");
    let first = fs::read(bench.path("app.json")).unwrap();
    bench.certify(&["--time", MADE]);
    assert_eq!(fs::read(bench.path("app.json")).unwrap(), first, "the same bytes");

    let statement = bench.statement();
    validate(&statement, "certificate-v1.json");
    assert_eq!(statement["predicate"]["time"], MADE);
    assert_eq!(statement["predicate"]["run"]["seed"], "0x5eed");
    let export = &statement["predicate"]["exports"][0];
    assert_eq!((&export["name"], &export["calls"]), (&"seven".into(), &8.into()));

    let ran = bench.verify(&["-k", "foreign.pub.pem", "-k", "own.pub.pem", "-p", "policy.toml"]);
    let head =
        format!("certified by secondcall {} at {MADE}, signed by ", env!("CARGO_PKG_VERSION"));
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.starts_with(&head) && ran.out.contains("own.pub.pem"), "{}", ran.out);
    assert!(ran.out.ends_with("\n  spec: 1 export is proven stateless\n"), "{}", ran.out);
    let ran = bench.verify(&["-k", "own.pub.pem"]);
    assert!(ran.out.contains("without --policy"), "{}", ran.out);

    // To be signed elsewhere; without a time, none is recorded.
    let ran = bench.run(&["certify", "app.wasm", "--unsigned"]);
    assert!(ran.err.contains("note: no time is recorded"), "{}", ran.err);
    let statement: Value = serde_json::from_str(&ran.out).unwrap();
    assert!(statement["predicate"].get("time").is_none());
}

#[test]
fn a_changed_byte_and_a_foreign_key_are_refused() {
    let bench = Bench::new();
    bench.certify(&["--time", MADE]);
    let ran = bench.verify(&["-k", "foreign.pub.pem"]);
    assert_eq!((ran.code, reasons(&ran)), (Some(1), vec!["signature".to_owned()]));
    let text = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("none of the given keys has signed it: they are SHA256:"), "{text}");

    let envelope = fs::read_to_string(bench.path("app.json")).unwrap();
    let start = envelope.find("eyJ").unwrap();
    let mut changed = envelope.clone().into_bytes();
    // A letter of the payload; the envelope is still well-formed.
    changed[start + 40] = if changed[start + 40] == b'A' { b'B' } else { b'A' };
    fs::write(bench.path("app.json"), changed).unwrap();
    let ran = bench.verify(&["-k", "own.pub.pem"]);
    assert_eq!((ran.code, reasons(&ran)), (Some(1), vec!["signature".to_owned()]));
    assert!(ran.out.contains("it was changed, or is forged"), "{}", ran.out);

    fs::write(bench.path("app.json"), envelope).unwrap();
    let mut bytes = fs::read(bench.path("app.wasm")).unwrap();
    // A custom section that changes nothing but the digest.
    bytes.extend([0, 2, 1, b'x']);
    fs::write(bench.path("app.wasm"), bytes).unwrap();
    let ran = bench.verify(&["-k", "own.pub.pem"]);
    assert_eq!((ran.code, reasons(&ran)), (Some(1), vec!["digest".to_owned()]));
}

#[test]
fn a_policy_refuses_with_its_reason() {
    let bench = Bench::new();
    bench.certify(&["--time", MADE, "--host", "spin-p3", "--host", "spec"]);
    let reason = |policy: &str| {
        let (code, reasons) = bench.refused(&format!("version = 1\n{policy}"));
        assert_eq!(code, Some(i32::from(!reasons.is_empty())), "{policy}");
        reasons.join(" ")
    };
    for (policy, expected) in [
        ("", ""),
        ("hosts = [\"spec\", \"spin-p3\"]", ""),
        ("hosts = [\"spec\", \"jco-serve\"]", "host"),
        ("hosts = [\"spec\"]\noutlooks = [\"not_called\"]", "host"),
        ("verdicts = [\"stateless_proven\", \"reusable_observed\"]", ""),
        ("verdicts = [\"stateful\"]", "verdict"),
        ("verdicts = [\"stateful\"]\nexcept = [\"sev*\"]", ""),
        ("evidence = [\"possible\"]", "evidence"),
        ("no-finding = \"note\"\nno-accepted = true", ""),
        ("max-age = \"36h\"", ""),
        ("max-age = \"1d\"", "age"),
        ("max-age = \"1d\"\nhosts = [\"jco-serve\"]", "host age"),
    ] {
        assert_eq!(reason(policy), expected, "{policy}");
    }
    // Made in the future, or who knows when.
    bench.certify(&["--time", "2027-01-01T00:00:00Z"]);
    assert_eq!(reason("max-age = \"90d\""), "age");
    bench.certify(&[]);
    assert_eq!(reason("max-age = \"90d\""), "age");
    assert_eq!(reason(""), "");
}

#[test]
fn observations_rest_on_calls_and_findings_have_severities() {
    let bench = Bench::new();
    let wat = "(component (core module $m (global $n (mut i32) (i32.const 0))
        (func (export \"f\") (result i32)
          (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))
        (core instance $i (instantiate $m))
        (func (export \"count\") (result u32) (canon lift (core func $i \"f\"))))";
    fs::write(bench.path("app.wasm"), wat::parse_str(wat).unwrap()).unwrap();
    let ran = bench.certify(&["--calls", "4", "--host", "jco-transpiled"]);
    assert_eq!(ran.code, Some(0), "what was found is certified, good or bad: {}", ran.err);
    let reason = |policy: &str| bench.refused(&format!("version = 1\n{policy}")).1.join(" ");
    assert_eq!(reason("least-calls = 4"), "");
    assert_eq!(reason("least-calls = 5"), "calls");
    assert!(reason("no-finding = \"warning\"").contains("finding"));
    assert_eq!(reason("hosts = [\"jco-transpiled\"]"), "host");
}

#[test]
fn what_is_no_certificate_is_told_apart() {
    let bench = Bench::new();
    bench.certify(&[]);
    let statement = serde_json::to_vec(&bench.statement()).unwrap();
    for (text, code) in [
        (&b""[..], 4),
        (b"{}", 4),
        (b"\xff\xfe", 4),
        (b"{\"payload\":\"e30=\",\"payloadType\":\"text/plain\",\"signatures\":[]}", 4),
        (b"[[[[[[[[", 4),
        (b"[\"e30=\",\"application/vnd.in-toto+json\",[[\"\",\"e30=\"]]]", 4),
    ] {
        fs::write(bench.path("app.json"), text).unwrap();
        let ran = bench.verify(&["-k", "own.pub.pem"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{text:?}");
        assert!(ran.err.starts_with("error: "), "{}", ran.err);
    }
    fs::write(bench.path("app.json"), &statement).unwrap();
    let ran = bench.verify(&["-k", "own.pub.pem"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(4), ""));
    assert!(ran.err.contains("it is a statement that nobody signed"), "{}", ran.err);
    // Signed, but no statement of ours.
    let other =
        String::from_utf8(statement.clone()).unwrap().replace("certificate:v1", "certificate:v9");
    for text in [&b"{}"[..], b"not JSON", other.as_bytes()] {
        bench.sign(text);
        let ran = bench.verify(&["-k", "own.pub.pem"]);
        assert_eq!((ran.code, reasons(&ran)), (Some(1), vec!["type".to_owned()]), "{}", ran.out);
    }
    bench.sign(&statement);
    assert_eq!(bench.verify(&["-k", "own.pub.pem"]).code, Some(0));
}

#[test]
fn programs_read_the_answer() {
    let bench = Bench::new();
    bench.certify(&["--time", MADE]);
    let of = |key: &str| {
        let ran = bench.verify(&["-k", key, "-p", "policy.toml", "--format", "json"]);
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        validate(&answer, "verify-v1.json");
        (ran.code, answer)
    };
    let (code, answer) = of("own.pub.pem");
    assert_eq!((code, &answer["holds"]), (Some(0), &true.into()));
    assert_eq!(answer["component"]["sha256"], sha256(fs::read(bench.path("app.wasm")).unwrap()));
    assert!(answer["signed_by"].as_str().unwrap().ends_with("own.pub.pem"));
    assert_eq!(answer["statement"], bench.statement());

    let (code, answer) = of("foreign.pub.pem");
    assert_eq!((code, &answer["holds"]), (Some(1), &false.into()));
    assert_eq!(answer["refusals"][0]["reason"], "signature");
    assert!(answer.get("statement").is_none(), "what nobody signed is not repeated");

    fs::write(bench.path("policy.toml"), "version = 1\nhosts = [\"jco-serve\"]").unwrap();
    let (code, answer) = of("own.pub.pem");
    assert_eq!((code, &answer["refusals"][0]["reason"]), (Some(1), &"host".into()));
    assert_eq!(answer["statement"], bench.statement());
}

#[test]
fn an_image_is_a_second_subject_and_a_bundle_is_read_like_an_envelope() {
    let bench = Bench::new();
    let component = sha256(fs::read(bench.path("app.wasm")).unwrap());
    let manifest = format!(r#"{{"schemaVersion":2,"layers":[{{"digest":"sha256:{component}"}}]}}"#);
    fs::write(bench.path("image.json"), &manifest).unwrap();
    let ran = bench.certify(&["--time", MADE, "--bundle", "--image", "image.json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.err.contains(&format!("image: sha256:{} (image.json)\n", sha256(&manifest))));
    let bundle: Value =
        serde_json::from_str(&fs::read_to_string(bench.path("app.json")).unwrap()).unwrap();
    assert_eq!(bundle["mediaType"], "application/vnd.dev.sigstore.bundle.v0.3+json");
    let keyid = &bundle["dsseEnvelope"]["signatures"][0]["keyid"];
    assert_eq!(&bundle["verificationMaterial"]["publicKey"]["hint"], keyid);
    let ran = bench.verify(&["-k", "own.pub.pem", "-p", "policy.toml", "-f", "json"]);
    let answer: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &answer["holds"]), (Some(0), &true.into()), "{}", ran.out);
    validate(&answer["statement"], "certificate-v1.json");
    let subjects = &answer["statement"]["subject"];
    assert_eq!(subjects[0]["digest"]["sha256"], component);
    assert_eq!(subjects[1]["digest"]["sha256"], sha256(manifest));
    assert_eq!(bench.verify(&["-k", "foreign.pub.pem"]).code, Some(1));

    // An image that holds something else.
    fs::write(bench.path("image.json"), r#"{"layers":[{"digest":"sha256:00"}]}"#).unwrap();
    let ran = bench.certify(&["--image", "image.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("no layer is the component"), "{}", ran.err);
}

#[test]
fn a_certificate_is_written_also_when_a_finding_fails() {
    let bench = Bench::new();
    let hello = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hello.wasm");
    fs::copy(hello, bench.path("app.wasm")).unwrap();
    for (least, code) in [("error", 0), ("never", 0), ("warning", 1), ("note", 1)] {
        let _ = fs::remove_file(bench.path("app.json"));
        let ran = bench.certify(&["--fail-on", least]);
        assert_eq!(ran.code, Some(code), "{least}: {}", ran.err);
        assert!(bench.path("app.json").exists());
    }
    assert_eq!(bench.certify(&[]).code, Some(0));
    assert_eq!(bench.statement()["predicate"]["findings"][0]["severity"], "warning");
}

#[test]
fn files_that_are_too_large_are_refused() {
    let bench = Bench::new();
    bench.certify(&[]);
    for (name, size, message, code) in [
        ("app.json", 16, "it is larger than 16 MiB", 4),
        ("own.pub.pem", 1, "the key cannot be read: it is larger than 1 MiB", 2),
        ("policy.toml", 1, "the policy cannot be read: it is larger than 1 MiB", 2),
    ] {
        let path = bench.path(name);
        let before = fs::read(&path).unwrap();
        // It takes no room on most file systems.
        fs::File::options().write(true).open(&path).unwrap().set_len((size << 20) + 1).unwrap();
        let ran = bench.verify(&["-k", "own.pub.pem", "-p", "policy.toml"]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{name}");
        assert!(ran.err.contains(message), "{name}: {}", ran.err);
        fs::write(path, before).unwrap();
    }
}

#[test]
fn mistakes_are_told() {
    let bench = Bench::new();
    bench.certify(&[]);
    for (policy, expected) in [
        ("version = 2", "version = 1"),
        ("hosts = []", "version = 1"),
        ("version = 1\nhost = []", "unknown field `host`"),
        ("version = 1\nverdicts = [\"safe\"]", "`safe` is no verdict"),
        ("version = 1\nmax-age = \"soon\"", "write an age such as 90d or 12h"),
        ("version = ", "TOML parse error"),
    ] {
        fs::write(bench.path("policy.toml"), policy).unwrap();
        let ran = bench.verify(&["-k", "own.pub.pem", "-p", "policy.toml"]);
        assert_eq!(ran.code, Some(2), "{policy}");
        assert!(ran.err.contains(expected), "{policy}: {}", ran.err);
    }
    let keys = ["own.pub.pem", "foreign.pub.pem"].map(|it| fs::read(bench.path(it)).unwrap());
    fs::write(bench.path("both.pub.pem"), keys.concat()).unwrap();
    for (words, code) in [
        (&["verify", "app.wasm", "-c", "app.json", "-k", "own.pem"][..], 2),
        (&["verify", "app.wasm", "-c", "app.json", "-k", "both.pub.pem"], 2),
        (&["verify", "app.wasm", "-c", "app.json", "-k", "none.pem"], 2),
        (&["verify", "none.wasm", "-c", "app.json", "-k", "own.pub.pem"], 4),
        (&["verify", "app.wasm", "-c", "none.json", "-k", "own.pub.pem"], 4),
        (&["certify", "app.wasm", "-k", "own.pub.pem"], 2),
        (&["certify", "app.wasm"], 2),
        (&["certify", "own.pem", "-k", "own.pem"], 4),
        (&["certify", "none.wasm", "-k", "own.pem"], 4),
        (&["certify", "app.wasm", "-k", "own.pem", "--time", "yesterday"], 2),
    ] {
        let ran = bench.run(words);
        assert_eq!((ran.code, ran.out.as_str()), (Some(code), ""), "{words:?}: {}", ran.err);
    }
    // Nothing is examined to find out that there are two.
    fs::copy(bench.path("app.wasm"), bench.path("other.wasm")).unwrap();
    let key = bench.path("own.pem");
    let ran = secondcall(&[
        "certify".as_ref(),
        bench.folder.path().as_os_str(),
        "-k".as_ref(),
        key.as_os_str(),
    ]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.ends_with(": it holds 2 components: name one\n"), "{}", ran.err);
    // A text is not what a host loads.
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hello.wat");
    let ran = bench.run(&["certify", text.to_str().unwrap(), "-k", "own.pem"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
}
