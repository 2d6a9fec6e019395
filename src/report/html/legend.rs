//! How to read the page.

use std::io::{self, Write};

use super::answers::{OUTLOOKS, badge};
use super::exports::meaning;
use crate::report::answer::Outlook;
use crate::report::wording;
use crate::verdict::Verdict;

const EVIDENCE: [(&str, &str); 3] = [
    ("observed", "It happened when the export was called."),
    ("certain", "It follows from the code, unless a memory error clears the flag."),
    ("possible", "It happens on some path, or a step could not be followed."),
];

/// What the words of the page mean.
pub(super) fn section(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"legend\">\n<h2 id=\"legend\">How to read this</h2>")?;
    writeln!(out, "<div class=\"columns\">\n<div>\n<h3>Answers</h3>\n<dl>")?;
    for outlook in OUTLOOKS {
        writeln!(out, "<dt>{}</dt><dd>{}</dd>", badge(outlook), answer(outlook))?;
    }
    writeln!(out, "</dl>\n</div>\n<div>\n<h3>Verdicts</h3>\n<dl>")?;
    let verdicts = [
        Verdict::SingleShot,
        Verdict::BreaksAfter(0),
        Verdict::Stateful,
        Verdict::ReusableObserved(0),
        Verdict::StatelessProven,
        Verdict::Unknown,
    ];
    for verdict in verdicts {
        let meaning = meaning(&verdict).replace('0', "N");
        writeln!(
            out,
            "<dt>{meaning} <code>{}</code></dt><dd>{}</dd>",
            wording::verdict(&verdict),
            explained(&verdict)
        )?;
    }
    writeln!(out, "</dl>\n</div>\n<div>\n<h3>Evidence</h3>\n<dl>")?;
    for (word, meaning) in EVIDENCE {
        writeln!(out, "<dt>{word}</dt><dd>{meaning}</dd>")?;
    }
    writeln!(out, "</dl>\n</div>\n</div>\n</section>")
}

fn answer(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Fails => "Calls that the host makes fail.",
        Outlook::Affected => {
            "Calls that the host makes leak, depend on earlier ones, or trap for some arguments."
        }
        Outlook::MayFail => "They may fail: it is possible by the code, and was not seen.",
        Outlook::Unknown => "Some exports could not be called, and nothing failed in the others.",
        Outlook::NothingFailed => {
            "All exports that the host calls were called, and nothing failed. Other arguments or more calls may still show \
             something."
        }
        Outlook::NotCalled => "The host calls none of the exports.",
    }
}

fn explained(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::SingleShot => "The first call may succeed, the second cannot.",
        Verdict::BreaksAfter(_) => {
            "Call N failed on one instance, where a fresh instance succeeds."
        }
        Verdict::Stateful => "An answer or output differed from that of a fresh instance.",
        Verdict::ReusableObserved(_) => "N calls on one instance behaved like calls on fresh ones.",
        Verdict::StatelessProven => {
            "Proven from the code: no earlier call can change what it answers."
        }
        Verdict::Unknown => "This does not mean that it is safe.",
    }
}
