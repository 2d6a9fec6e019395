"""What Kyverno 1.19 does with an ImageValidatingPolicy (kyverno/kyverno, pkg/image/verification/evaluator/policy.go), with
another implementation of CEL, the PyPI package common-expression-language, and with cosign.py for
pkg/image/verifiers/ivpol/cosign/verifier.go.
"""

import datetime
import json

import cel
import cosign


def message(policy, workload, registry):
    """Why a workload is refused; `None` if it is admitted.

    `registry` has a list of bundles for each image.
    """
    spec = policy["spec"]
    assert spec["failurePolicy"] == "Fail"
    activation = {"object": workload}
    context = Context(spec, activation, registry)
    images = {it["name"]: context.value(it["expression"]) for it in spec["images"]}
    # glob "*": every image.
    assert spec["matchImageReferences"] == [{"glob": "*"}]
    for image in [image for list_ in images.values() for image in list_]:
        if "@sha256:" not in image:
            return f"image {image} does not have a digest"
    activation["images"] = images
    activation["attestors"] = {it["name"]: it["name"] for it in spec["attestors"]}
    activation["attestations"] = {it["name"]: it["name"] for it in spec["attestations"]}
    for validation in spec["validations"]:
        expression = validation["expression"]
        # A variable is evaluated when it is first read.
        used = [it for it in spec["variables"] if f"variables.{it['name']}" in expression]
        try:
            activation["variables"] = {it["name"]: context.value(it["expression"]) for it in used}
            outcome = context.value(expression)
        except (KeyError, RuntimeError, ValueError) as error:
            # failurePolicy: Fail
            return f"error: {error}"
        assert isinstance(outcome, bool), (expression, outcome)
        if not outcome:
            return validation["message"]
    return None


class Context:
    """The functions of Kyverno's library that the policy calls."""

    def __init__(self, spec, activation, registry):
        self.spec = spec
        self.activation = activation
        self.registry = registry
        self.payloads = {}

    def value(self, expression):
        """The value of an expression."""
        context = cel.Context()
        for name, value in {**self.activation, "time": {}}.items():
            context.add_variable(name, value)
        context.add_function("verifyAttestationSignatures", self.verify)
        context.add_function("extractPayload", lambda image, name: self.payloads[image, name])
        context.add_function("now", lambda _: datetime.datetime.now(datetime.timezone.utc))
        return cel.evaluate(expression, context)

    def verify(self, image, name, attestors):
        """How many of the attestors have signed an attestation of the image; remembers what they signed."""
        [kind] = [it["intoto"]["type"] for it in self.spec["attestations"] if it["name"] == name]
        return sum(self.attested(image, name, kind, attestor) for attestor in attestors)

    def attested(self, image, name, kind, attestor):
        """Whether this attestor has signed one."""
        [settings] = [it["cosign"] for it in self.spec["attestors"] if it["name"] == attestor]
        assert settings["ctlog"] == {"insecureIgnoreTlog": True}, "a certificate is in no log"
        found = False
        for bundle in self.registry.get(image, []):
            try:
                digest = image.partition("@sha256:")[2]
                statement = cosign.payload(bundle, digest, settings["key"]["data"].encode(), kind)
            except (cosign.Refused, ValueError):
                # A key that is none counts no attestation either.
                continue
            # Go reads every number as a float.
            self.payloads[image, name] = json.loads(json.dumps(statement), parse_int=float)
            found = True
        return found
