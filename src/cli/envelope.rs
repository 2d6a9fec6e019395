//! A signed envelope: DSSE 1.0 (secure-systems-lab/dsse, `protocol.md` and `envelope.md`) with ed25519 keys in PEM, as
//! `openssl genpkey -algorithm ed25519` makes them.

use ct_codecs::{Base64, Base64UrlSafe, Decoder, Encoder};
pub(super) use ed25519_compact::KeyPair;
use ed25519_compact::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use crate::digest::sha256;

/// The type of a payload that is an in-toto statement.
const PAYLOAD: &str = "application/vnd.in-toto+json";
/// The most signatures that are tried.
const MOST_SIGNATURES: usize = 64;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<Signed>,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    keyid: String,
    sig: String,
}

/// Why an envelope is not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It is none: one sentence.
    Malformed(String),
    /// None of the keys has signed it.
    Foreign,
}

/// The private key in a PEM file.
///
/// # Errors
/// If there is none, in one sentence.
pub(super) fn private_key(pem: &str) -> Result<KeyPair, String> {
    let encrypted = pem.contains("BEGIN ENCRYPTED") || pem.contains("ENCRYPTED SIGSTORE");
    KeyPair::from_pem(pem).map_err(|_| match encrypted {
        true => "it is encrypted: decrypt it first, with `openssl pkey`".to_owned(),
        false => "it is no private ed25519 key in PEM (PKCS#8); \
                  `openssl genpkey -algorithm ed25519` makes one"
            .to_owned(),
    })
}

/// The public key in a PEM file.
///
/// # Errors
/// If there is none, or one with which anything seems signed; in one sentence.
pub(super) fn public_key(pem: &str) -> Result<PublicKey, String> {
    let key = PublicKey::from_pem(pem).map_err(
        |_| "it is no public ed25519 key in PEM; `openssl pkey -in key.pem -pubout` prints one",
    )?;
    key.validate().map_err(|_| "it is a weak key")?;
    Ok(key)
}

/// The envelope of a statement, signed.
pub(super) fn sealed(statement: &[u8], key: &KeyPair) -> Result<String, String> {
    let base64 = |bytes: &[u8]| Base64::encode_to_string(bytes).map_err(|error| error.to_string());
    // The same statement and key give the same bytes.
    let signature = key.sk.sign(signed_bytes(PAYLOAD, statement), None);
    let envelope = Envelope {
        payload: base64(statement)?,
        payload_type: PAYLOAD.to_owned(),
        signatures: vec![Signed { keyid: sha256(key.pk.to_der()), sig: base64(&signature[..])? }],
    };
    serde_json::to_string(&envelope).map_err(|error| error.to_string())
}

/// The statement in an envelope that one of `keys` has signed.
///
/// # Errors
/// If it is malformed, holds something else, or is not signed by one of them.
pub(super) fn opened(text: &[u8], keys: &[PublicKey]) -> Result<Vec<u8>, Unopened> {
    let malformed = |text: String| Unopened::Malformed(text);
    let envelope: Envelope = serde_json::from_slice(text)
        .map_err(|error| malformed(format!("it is no DSSE envelope: {error}")))?;
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
        if keys.iter().any(|key| key.verify(&message, &signature).is_ok()) {
            return Ok(payload);
        }
    }
    Err(Unopened::Foreign)
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
    use ed25519_compact::Seed;

    use super::*;

    fn key(seed: u8) -> KeyPair {
        KeyPair::from_seed(Seed::new([seed; 32]))
    }

    #[test]
    fn what_is_signed_is_encoded_as_the_protocol_says() {
        // The example of protocol.md.
        let message = signed_bytes("http://example.com/HelloWorld", b"hello world");
        assert_eq!(message, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    #[test]
    fn only_what_a_key_has_signed_is_opened() {
        let envelope = sealed(b"{}", &key(1)).unwrap();
        assert_eq!(envelope, sealed(b"{}", &key(1)).unwrap());
        let opened_by = |text: &str, seed| opened(text.as_bytes(), &[key(seed).pk]);
        assert_eq!(opened_by(&envelope, 1), Ok(b"{}".to_vec()));
        assert_eq!(opened(envelope.as_bytes(), &[key(2).pk, key(1).pk]), Ok(b"{}".to_vec()));
        assert_eq!(opened_by(&envelope, 2), Err(Unopened::Foreign));
        assert_eq!(opened(envelope.as_bytes(), &[]), Err(Unopened::Foreign));
        // "{ }" instead of "{}".
        assert_eq!(opened_by(&envelope.replace("e30=", "eyB9"), 1), Err(Unopened::Foreign));
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
            assert!(matches!(opened_by(&changed, 1), Err(Unopened::Malformed(_))), "{changed}");
        }
        let none = format!(r#"{{"payload":"e30=","payloadType":"{PAYLOAD}","signatures":[]}}"#);
        assert!(matches!(opened_by(&none, 1), Err(Unopened::Malformed(_))));
        let short = format!(
            r#"{{"payload":"e30=","payloadType":"{PAYLOAD}","signatures":[{{"sig":"e30="}}]}}"#
        );
        assert_eq!(opened_by(&short, 1), Err(Unopened::Foreign));
    }

    #[test]
    fn keys_are_read_from_pem() {
        let pair = key(7);
        assert_eq!(private_key(&pair.sk.to_pem()).unwrap().pk, pair.pk);
        assert_eq!(public_key(&pair.pk.to_pem()).unwrap(), pair.pk);
        assert!(private_key(&pair.pk.to_pem()).is_err() && public_key("").is_err());
        // The neutral element: with it, one signature fits every message.
        let neutral = PublicKey::new([&[1u8][..], &[0; 31]].concat().try_into().unwrap());
        assert!(public_key(&neutral.to_pem()).is_err());
    }
}
