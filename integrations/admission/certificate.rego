# A policy in Rego for `cosign verify-attestation --policy certificate.rego`: docs/admission.md.
#
# cosign asks for data.signature.allow and gives the in-toto statement as input. It has checked the signature, that a subject
# is the image, and the type of the predicate. What it prints of a refusal is the value of `allow`: here, the reasons.
package signature

import rego.v1

# What is asked for.
host := "spinkube-p3"

outlooks := {"nothing_failed"}

verdicts := {"reusable_observed", "stateless_proven"}

evidence := {"observed", "certain"}

severities := {"note", "warning"}

days := 90

# Minutes by which the clock of the signer may be ahead.
skew := 5

minute := 60 * 1000000000

allow if count(refused) == 0

allow := refused if count(refused) > 0

refused contains sprintf("incomplete: it has no `%s`", [name]) if {
	some name in ["exports", "findings", "hosts", "accepted", "time"]
	not name in object.keys(input.predicate)
}

refused contains sprintf("host: it says nothing of %s", [host]) if {
	not host in {it.host | some it in input.predicate.hosts}
}

refused contains sprintf("host: under %s: %s", [host, it.text]) if {
	some it in input.predicate.hosts
	it.host == host
	not it.outlook in outlooks
}

refused contains sprintf("verdict: `%s` is %s", [it.name, it.verdict]) if {
	some it in input.predicate.exports
	not it.verdict in verdicts
}

refused contains sprintf("evidence: how `%s` is known is %s", [it.name, known]) if {
	some it in input.predicate.exports
	known := object.get(it, "evidence", "unknown")
	not known in evidence
}

refused contains sprintf("finding: %s[%s]: %s", [it.severity, it.rule, it.message]) if {
	some it in input.predicate.findings
	not it.severity in severities
}

refused contains sprintf("accepted: findings that it leaves out: %v", [input.predicate.accepted]) if {
	input.predicate.accepted != 0
}

refused contains sprintf("age: it was made at %s", [object.get(input.predicate, "time", "an unknown time")]) if {
	not in_time
}

# Undefined, too, for what is no time.
in_time if {
	age := time.now_ns() - time.parse_rfc3339_ns(input.predicate.time)
	age <= ((days * 24) * 60) * minute
	age >= 0 - (skew * minute)
}
