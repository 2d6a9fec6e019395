"""What cosign 3.1.2 does with a Sigstore bundle before it asks a policy, written after its sources: none of the registries that
the tests use has cosign.

sigstore/cosign: pkg/cosign/verify.go (verifyImageAttestationsSigstoreBundle), pkg/policy/attestation.go
(AttestationToPayloadJSON).
sigstore/sigstore-go 1.2.1: pkg/bundle/bundle.go (validate), pkg/verify/signature.go (verifyEnvelopeWithArtifactDigests).
secure-systems-lab/go-securesystemslib 0.11.1: dsse/verify.go.
"""

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

INTOTO = "application/vnd.in-toto+json"


class Refused(Exception):
    """Why an attestation does not count."""


def only(value, *names):
    """An object whose members are known: protojson refuses others."""
    if not isinstance(value, dict) or not set(value) <= set(names):
        raise Refused(f"malformed: {value!r:.80}")
    return value


def payload(bundle, image, key, predicate_type):
    """The statement that a policy gets.

    `image` is the digest of the image's manifest in hexadecimal digits, `key` a public key in PEM.
    """
    bundle = only(json.loads(bundle), "mediaType", "verificationMaterial", "dsseEnvelope")
    if bundle["mediaType"] != "application/vnd.dev.sigstore.bundle.v0.3+json":
        raise Refused(f"media type {bundle['mediaType']}")
    only(only(bundle["verificationMaterial"], "publicKey")["publicKey"], "hint")
    envelope = only(bundle["dsseEnvelope"], "payload", "payloadType", "signatures")
    if envelope["payloadType"] != INTOTO:
        raise Refused(f"payload type {envelope['payloadType']}")
    text = base64.b64decode(envelope["payload"], validate=True)
    [signature] = envelope["signatures"]
    verify(text, only(signature, "sig", "keyid"), key)

    statement = only(json.loads(text), "_type", "subject", "predicateType", "predicate")
    subjects = [only(it, "name", "digest")["digest"] for it in statement["subject"]]
    if not any(it.get("sha256") == image for it in subjects):
        raise Refused("provided artifact digest does not match any digest in statement")
    if statement["predicateType"] != predicate_type:
        raise Refused(f"none of the attestations matched the predicate type: {predicate_type}")
    return statement


def verify(text, signature, key):
    """Checks one signature. One that names another key is skipped, although it may be right."""
    public = load_pem_public_key(key)
    ssh = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1]
    keyid = "SHA256:" + base64.b64encode(hashlib.sha256(base64.b64decode(ssh)).digest()).decode().rstrip("=")
    if signature.get("keyid", "") not in ("", keyid):
        raise Refused("accepted signatures do not match threshold, Found: 0, Expected 1")
    signed = b"DSSEv1 %d %s %d %s" % (len(INTOTO), INTOTO.encode(), len(text), text)
    try:
        public.verify(base64.b64decode(signature["sig"], validate=True), signed)
    except InvalidSignature:
        raise Refused("accepted signatures do not match threshold, Found: 0, Expected 1") from None
