//! A signed envelope: DSSE 1.0 (secure-systems-lab/dsse, `protocol.md` and `envelope.md`), alone or in a Sigstore bundle
//! (sigstore/protobuf-specs, `sigstore_bundle.proto`).

use std::collections::HashMap;

use ct_codecs::{Base64, Base64UrlSafe, Decoder, Encoder};
use ed25519_compact::{KeyPair, Signature};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;

use super::keys::{Trusted, keyid};

/// The type of a payload that is an in-toto statement.
const PAYLOAD: &str = "application/vnd.in-toto+json";
/// The type of a bundle: sigstore-go 1.2, `pkg/bundle/bundle.go`.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// The most signatures that are tried.
const MOST_SIGNATURES: usize = 64;

/// What holds the envelope of a new certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Nothing.
    Envelope,
    /// A Sigstore bundle of version 0.3, without a time stamp or an entry in a log.
    Bundle,
}

/// Members that are not read. Serde reads a type with such a field from an object only, never from an array.
type Unread = HashMap<String, IgnoredAny>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<Signed>,
    #[serde(flatten, skip_serializing)]
    _unread: Unread,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    keyid: String,
    sig: String,
    #[serde(flatten, skip_serializing)]
    _unread: Unread,
}

/// Why an envelope is not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It is none: one sentence.
    Malformed(String),
    /// None of the keys has signed it. The ids of keys that its signatures name, which prove nothing.
    Foreign(Vec<String>),
}

/// A statement that somebody trusted has signed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opened {
    pub(super) statement: Vec<u8>,
    /// Which of the keys has signed it.
    pub(super) key: usize,
}

/// A statement, signed.
pub(super) fn sealed(statement: &[u8], key: &KeyPair, form: Form) -> Result<String, String> {
    let base64 = |bytes: &[u8]| Base64::encode_to_string(bytes).map_err(|error| error.to_string());
    // The same statement and key give the same bytes.
    let signature = key.sk.sign(signed_bytes(PAYLOAD, statement), None);
    let id = keyid(&key.pk);
    let signed = Signed { keyid: id.clone(), sig: base64(&signature[..])?, _unread: Unread::new() };
    let envelope = Envelope {
        payload: base64(statement)?,
        payload_type: PAYLOAD.to_owned(),
        signatures: vec![signed],
        _unread: Unread::new(),
    };
    let written = match form {
        Form::Envelope => serde_json::to_string(&envelope),
        Form::Bundle => serde_json::to_string(&json!({
            "mediaType": BUNDLE,
            "verificationMaterial": { "publicKey": { "hint": id } },
            "dsseEnvelope": envelope,
        })),
    };
    written.map_err(|error| error.to_string())
}

/// The statement in an envelope or a bundle that one of `keys` has signed.
///
/// # Errors
/// If it is malformed, holds something else, or is not signed by one of them.
pub(super) fn opened(text: &[u8], keys: &[Trusted]) -> Result<Opened, Unopened> {
    let malformed = |text: String| Unopened::Malformed(text);
    let envelope = read(text).map_err(malformed)?;
    if envelope.payload_type != PAYLOAD {
        let found = &envelope.payload_type;
        return Err(malformed(format!("its payload is `{found}`, not `{PAYLOAD}`")));
    }
    let signatures = envelope.signatures;
    if signatures.is_empty() || signatures.len() > MOST_SIGNATURES {
        return Err(malformed(format!("it has {} signatures", signatures.len())));
    }
    let payload = decoded(&envelope.payload)
        .ok_or_else(|| malformed("its payload is not base64".to_owned()))?;
    let message = signed_bytes(&envelope.payload_type, &payload);
    for signed in &signatures {
        let signature = decoded(&signed.sig)
            .ok_or_else(|| malformed("a signature is not base64".to_owned()))?;
        // A signature of another length is of another kind of key.
        let Ok(signature) = Signature::from_slice(&signature) else { continue };
        let has_signed = |it: &Trusted| it.key.verify(&message, &signature).is_ok();
        if let Some(key) = keys.iter().position(has_signed) {
            return Ok(Opened { statement: payload, key });
        }
    }
    let ids = signatures.into_iter().map(|it| it.keyid).filter(|it| !it.is_empty());
    Err(Unopened::Foreign(ids.collect()))
}

/// Reads an envelope, or that in a bundle.
fn read(text: &[u8]) -> Result<Envelope, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Bundle {
        dsse_envelope: Option<Box<RawValue>>,
        /// Of a statement.
        predicate_type: Option<IgnoredAny>,
        #[serde(flatten)]
        _unread: Unread,
    }
    let none = |error: serde_json::Error| {
        format!("it is no DSSE envelope and no Sigstore bundle: {error}")
    };
    let bundle: Bundle = serde_json::from_slice(text).map_err(none)?;
    if bundle.predicate_type.is_some() {
        return Err("it is a statement that nobody signed".to_owned());
    }
    match bundle.dsse_envelope {
        Some(envelope) => serde_json::from_str(envelope.get()).map_err(none),
        None => serde_json::from_slice(text).map_err(none),
    }
}

/// DSSE's pre-authentication encoding: what is signed.
fn signed_bytes(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// Standard base64 or the one for addresses, as the protocol allows.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let standard = Base64::decode_to_vec(text, None);
    standard.or_else(|_| Base64UrlSafe::decode_to_vec(text, None)).ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ed25519_compact::Seed;

    use super::*;

    fn key(seed: u8) -> KeyPair {
        KeyPair::from_seed(Seed::new([seed; 32]))
    }

    fn trusted(seed: u8) -> Trusted {
        Trusted { path: PathBuf::new(), key: key(seed).pk }
    }

    fn opened_by(text: &str, seeds: &[u8]) -> Result<usize, Unopened> {
        let keys: Vec<_> = seeds.iter().map(|seed| trusted(*seed)).collect();
        opened(text.as_bytes(), &keys).map(|it| {
            assert_eq!(it.statement, b"{}");
            it.key
        })
    }

    fn is_malformed(text: &str) -> bool {
        matches!(opened_by(text, &[1]), Err(Unopened::Malformed(_)))
    }

    #[test]
    fn what_is_signed_is_encoded_as_the_protocol_says() {
        // The example of protocol.md.
        let message = signed_bytes("http://example.com/HelloWorld", b"hello world");
        assert_eq!(message, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn only_what_a_key_has_signed_is_opened() {
        for form in [Form::Envelope, Form::Bundle] {
            let envelope = sealed(b"{}", &key(1), form).unwrap();
            assert_eq!(envelope, sealed(b"{}", &key(1), form).unwrap());
            assert_eq!(opened_by(&envelope, &[1]), Ok(0));
            assert_eq!(opened_by(&envelope, &[2, 1]), Ok(1));
            let named = vec![keyid(&key(1).pk)];
            assert_eq!(opened_by(&envelope, &[2]), Err(Unopened::Foreign(named.clone())));
            assert_eq!(opened_by(&envelope, &[]), Err(Unopened::Foreign(named.clone())));
            // "{ }" instead of "{}".
            let changed = envelope.replace("e30=", "eyB9");
            assert_eq!(opened_by(&changed, &[1]), Err(Unopened::Foreign(named)));
            for (from, to) in [
                ("e30=", "e3"),
                ("e30=", "e30=*"),
                (PAYLOAD, "text/plain"),
                ("\"sig\":\"", "\"sig\":\"*"),
                ("signatures", "signature"),
                ("}]}", "}],"),
            ] {
                let changed = envelope.replace(from, to);
                assert_ne!(changed, envelope);
                assert!(is_malformed(&changed), "{changed}");
            }
        }
        let none = format!(r#"{{"payload":"e30=","payloadType":"{PAYLOAD}","signatures":[]}}"#);
        assert!(is_malformed(&none));
        let short = format!(
            r#"{{"payload":"e30=","payloadType":"{PAYLOAD}","signatures":[{{"sig":"e30="}}]}}"#
        );
        assert_eq!(opened_by(&short, &[1]), Err(Unopened::Foreign(Vec::new())));
    }

    #[test]
    fn arrays_are_no_envelopes() {
        let Ok(envelope) = read(sealed(b"{}", &key(1), Form::Envelope).unwrap().as_bytes()) else {
            panic!("it was just made");
        };
        let [Signed { keyid, sig, .. }] = &envelope.signatures[..] else { panic!("one signature") };
        let Envelope { payload, payload_type, .. } = &envelope;
        let object = format!(
            r#"{{"payload":"{payload}","payloadType":"{payload_type}","signatures":[{{"sig":"{sig}"}}]}}"#
        );
        assert_eq!(opened_by(&object, &[1]), Ok(0));
        assert_eq!(opened_by(&format!(r#"{{"dsseEnvelope":{object}}}"#), &[1]), Ok(0));
        let array = format!(r#"["{payload}","{payload_type}",[["{keyid}","{sig}"]]]"#);
        let with_array =
            object.replace(&format!(r#"{{"sig":"{sig}"}}"#), &format!(r#"["{keyid}","{sig}"]"#));
        for text in [array.clone(), with_array, format!("[{object}]")] {
            assert!(is_malformed(&text), "{text}");
            assert!(is_malformed(&format!(r#"{{"dsseEnvelope":{text}}}"#)), "{text}");
        }
        // A member twice, of which readers may take either.
        assert!(is_malformed(&object.replace("{\"payload\"", "{\"payload\":\"\",\"payload\"")));
    }
}
