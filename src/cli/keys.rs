//! Ed25519 keys in PEM, as `openssl genpkey -algorithm ed25519` makes them.

use std::path::{Path, PathBuf};

use ct_codecs::{Base64NoPadding, Encoder};
pub(super) use ed25519_compact::KeyPair;
use ed25519_compact::PublicKey;

use super::small_file;
use crate::check::error::CheckError;
use crate::digest::sha256_bytes;

/// The largest file of a key, in MiB.
const MOST: u64 = 1;

/// A public key and the file that holds it.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) path: PathBuf,
    pub(super) key: PublicKey,
}

impl Trusted {
    /// Reads a public key.
    ///
    /// # Errors
    /// If the file cannot be read, holds no such key or several, or one with which anything seems signed.
    pub(super) fn read(path: &Path) -> Result<Trusted, CheckError> {
        let key = public_key(&text_of(path)?).map_err(|message| invalid(path, &message))?;
        Ok(Trusted { path: path.to_owned(), key })
    }
}

/// Reads a private key.
///
/// # Errors
/// If the file cannot be read, or holds no such key or several.
pub(super) fn read_private(path: &Path) -> Result<KeyPair, CheckError> {
    private_key(&text_of(path)?).map_err(|message| invalid(path, &message))
}

/// The fingerprint of a key, as `ssh-keygen -l` prints it. go-securesystemslib (`dsse/verify.go`), and so cosign, skips a
/// signature whose `keyid` is neither absent nor this.
pub(super) fn keyid(key: &PublicKey) -> String {
    const KIND: &[u8] = b"ssh-ed25519";
    // The key as SSH encodes it (RFC 8709, section 4): each part after its length.
    let part = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let digest = sha256_bytes([part(KIND), part(&key[..])].concat());
    let digest = Base64NoPadding::encode_to_string(digest);
    format!("SHA256:{}", digest.expect("base64 of 32 bytes has a length that fits"))
}

fn text_of(path: &Path) -> Result<String, CheckError> {
    small_file::read_text(path, MOST)
        .map_err(|error| invalid(path, &format!("the key cannot be read: {error}")))
}

fn invalid(path: &Path, message: &str) -> CheckError {
    CheckError::usage(format!("{}: {message}", path.display()))
}

/// The private key in a PEM text.
///
/// # Errors
/// If there is none, in one sentence.
fn private_key(pem: &str) -> Result<KeyPair, String> {
    single(pem)?;
    let encrypted = pem.contains("BEGIN ENCRYPTED") || pem.contains("ENCRYPTED SIGSTORE");
    KeyPair::from_pem(pem).map_err(|_| match encrypted {
        true => "it is encrypted: decrypt it first, with `openssl pkey`".to_owned(),
        false => "it is no private ed25519 key in PEM (PKCS#8); \
                  `openssl genpkey -algorithm ed25519` makes one"
            .to_owned(),
    })
}

/// The public key in a PEM text.
///
/// # Errors
/// If there is none, or one with which anything seems signed; in one sentence.
fn public_key(pem: &str) -> Result<PublicKey, String> {
    single(pem)?;
    let key = PublicKey::from_pem(pem).map_err(
        |_| "it is no public ed25519 key in PEM; `openssl pkey -in key.pem -pubout` prints one",
    )?;
    key.validate().map_err(|_| "it is a weak key")?;
    Ok(key)
}

/// An error if a text has several PEM blocks: only one of them would count.
fn single(pem: &str) -> Result<(), String> {
    match pem.matches("-----BEGIN ").count() {
        0 | 1 => Ok(()),
        several => Err(format!("it has {several} PEM blocks: keep one key in each file")),
    }
}

#[cfg(test)]
mod tests {
    use ed25519_compact::Seed;

    use super::*;

    #[test]
    fn keys_are_read_from_pem() {
        let pair = KeyPair::from_seed(Seed::new([7; 32]));
        let (private, public) = (pair.sk.to_pem(), pair.pk.to_pem());
        assert_eq!(private_key(&private).unwrap().pk, pair.pk);
        assert_eq!(public_key(&public).unwrap(), pair.pk);
        assert!(private_key(&public).is_err() && public_key("").is_err());
        // A text before the block is a comment.
        assert_eq!(public_key(&format!("of the builder\n{public}")).unwrap(), pair.pk);
        // The neutral element: with it, one signature fits every message.
        let neutral = PublicKey::new([&[1u8][..], &[0; 31]].concat().try_into().unwrap());
        assert!(public_key(&neutral.to_pem()).is_err());
    }

    #[test]
    fn a_file_holds_one_key() {
        let pems = |seed| {
            let pair = KeyPair::from_seed(Seed::new([seed; 32]));
            (pair.sk.to_pem(), pair.pk.to_pem())
        };
        let ((own, own_public), (other, other_public)) = (pems(1), pems(2));
        let several = "it has 2 PEM blocks: keep one key in each file";
        assert_eq!(public_key(&(own_public.clone() + &other_public)).unwrap_err(), several);
        assert_eq!(private_key(&(own.clone() + &other)).unwrap_err(), several);
        assert_eq!(private_key(&(own + &own_public)).unwrap_err(), several);
    }

    #[test]
    fn a_fingerprint_is_that_of_ssh_keygen() {
        // The first test vector of RFC 8032, section 7.1; printed by `ssh-keygen -lf` of OpenSSH 9.2.
        let key = [
            0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64,
            0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68,
            0xf7, 0x07, 0x51, 0x1a,
        ];
        assert_eq!(
            keyid(&PublicKey::new(key)),
            "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8"
        );
    }
}
