//! Calls that overlap: the order in the report, which is the same in each run and is repeated and drawn from there.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use roxmltree::Document;
use serde_json::Value;

use super::{check, program, root};

/// A component with a race, the calls and the order in its report, and how each call ends.
struct Race {
    file: &'static str,
    calls: &'static [&'static str],
    schedule: &'static str,
    moments: &'static [&'static str],
    ends: &'static [&'static str],
}

/// Seeded races. `A &B` begins at the same time; later letters say whose wait ends.
const RACES: [Race; 4] = [
    Race {
        file: "async/race_of_two_switches.wat",
        calls: &["work()", "work()"],
        schedule: "0.0+0.6:A&BBAAB",
        moments: &["A begins", "B begins", "B `pause`", "A `pause`", "A `pause`", "B `pause`"],
        ends: &["answers `1`", "answers `0`"],
    },
    Race {
        file: "async/race_of_three.wat",
        calls: &["work()", "work()", "work()"],
        schedule: "0.0+0.6+0.0:A&B&C",
        moments: &["A begins", "B begins", "C begins"],
        ends: &["traps (unreachable)", "traps (unreachable)", "traps (unreachable)"],
    },
    Race {
        file: "async/barge_in.wat",
        calls: &["work()", "inside()"],
        schedule: "0.0+1.0:A&B",
        moments: &["A begins", "B begins"],
        ends: &["answers `42`", "answers `1`"],
    },
    Race {
        file: "async/race_by_argument.wat",
        calls: &["echo(1)", "echo(163525344)"],
        schedule: "0.0+0.6:A&B",
        moments: &["A begins", "B begins"],
        ends: &["answers `163525344`", "answers `163525344`"],
    },
];

pub(super) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for race in RACES {
        trials.push(Trial::test(format!("overlap/{}", race.file), move || tried(&race)));
    }
    trials.push(Trial::test("overlap/nothing_to_draw", nothing_to_draw));
    trials.push(Trial::test("overlap/the_setting_of_a_host", setting));
    trials
}

fn path(file: &str) -> PathBuf {
    root().join("tests/exec").join(file)
}

fn tried(race: &Race) -> Result<(), Failed> {
    let path = path(race.file);
    let report = check(&path, &["--no-cache"])?;
    let timeline = timeline(&report)?;
    let list = |value: &Value| -> Vec<String> {
        let list = value.as_array().into_iter().flatten();
        list.map(|it| it.as_str().unwrap_or_default().to_owned()).collect()
    };
    let letter = |call: &Value| char::from(b'A' + call.as_u64().unwrap_or_default() as u8);
    let moments = timeline["moments"].as_array().into_iter().flatten().map(|it| {
        let text = it["text"].as_str().unwrap_or_default().trim_end_matches(" is done");
        format!("{} {text}", letter(&it["call"]))
    });
    assert_eq!(list(&timeline["calls"]), race.calls);
    assert_eq!(timeline["schedule"], race.schedule);
    assert_eq!(moments.collect::<Vec<_>>(), race.moments);
    assert_eq!(list(&timeline["ends"]), race.ends);
    assert_eq!(check(&path, &["--no-cache"])?, report, "another run tells something else");
    repeated(race, &path)?;
    drawn(race, &path)
}

/// The timeline of the only finding that has one.
fn timeline(report: &Value) -> Result<&Value, Failed> {
    let findings = report["findings"].as_array().into_iter().flatten();
    let timelines: Vec<_> = findings.filter_map(|it| it.get("timeline")).collect();
    match timelines.as_slice() {
        [timeline] => Ok(timeline),
        others => Err(format!("{} findings with a timeline", others.len()).into()),
    }
}

/// What `exec` prints of the order of a race.
fn exec(path: &Path, schedule: &str, format: &str) -> Result<String, Failed> {
    let words = ["exec", "--schedule", schedule, "--format", format];
    let output = program(&words).arg(path).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

/// The order makes the calls do the same alone, and is the only one that is tried.
fn repeated(race: &Race, path: &Path) -> Result<(), Failed> {
    let observation: Value = serde_json::from_str(&exec(path, race.schedule, "json")?)?;
    let export = &observation["exports"][0]["overlapping"];
    assert_eq!(export["tried"], 1);
    assert_eq!(export["found"]["id"], race.schedule);
    let steps = export["found"]["steps"].as_array().map_or(0, Vec::len);
    assert_eq!(steps, race.moments.len());
    let human = exec(path, race.schedule, "human")?;
    assert!(human.contains("overlapping_calls_differ"), "{human}");
    Ok(())
}

/// The picture is well-formed, holds what the report says, and leaves nothing outside of it.
fn drawn(race: &Race, path: &Path) -> Result<(), Failed> {
    let picture = exec(path, race.schedule, "svg")?;
    assert_eq!(picture, exec(path, race.schedule, "svg")?);
    let document = Document::parse(&picture)?;
    let root = document.root_element();
    let number = |node: roxmltree::Node<'_, '_>, name| -> f64 {
        node.attribute(name).and_then(|it| it.parse().ok()).unwrap_or(f64::NAN)
    };
    let size = (number(root, "width"), number(root, "height"));
    let elements = || document.descendants().filter(|it| it.attribute("x").is_some());
    for element in elements() {
        let (x, y) = (number(element, "x"), number(element, "y"));
        assert!(x >= 0.0 && y >= 0.0 && x <= size.0 && y <= size.1, "{element:?} at {x} {y}");
        if element.has_tag_name("rect") {
            let (right, bottom) = (x + number(element, "width"), y + number(element, "height"));
            assert!(right <= size.0 && bottom <= size.1, "{element:?} ends at {right} {bottom}");
        }
    }
    let texts: Vec<_> = elements().filter_map(|it| it.text()).collect();
    for (call, end) in race.calls.iter().zip(race.ends) {
        assert!(texts.iter().any(|it| it.ends_with(call)), "{call} in {texts:?}");
        assert!(texts.contains(end), "{end} in {texts:?}");
    }
    let arrows = document.descendants().filter(|it| it.attribute("class") == Some("tip"));
    assert_eq!(arrows.count(), race.moments.len());
    Ok(())
}

fn nothing_to_draw() -> Result<(), Failed> {
    let words = ["exec", "--format", "svg"];
    let output = program(&words).arg(path("async/no_race_with_pause.wat")).output()?;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let told = String::from_utf8(output.stderr)?;
    assert!(told.contains("nothing to draw"), "{told}");
    Ok(())
}

/// A host that lets requests overlap is concerned, and told to limit those at once, not the reuse.
fn setting() -> Result<(), Failed> {
    let path = path("p3/handler_mixes_requests.wat");
    let report = check(&path, &["--no-cache", "--host", "wasmtime-serve-p3"])?;
    let findings = report["findings"].as_array().into_iter().flatten();
    let race = findings.into_iter().find(|it| it["hazard"] == "race").ok_or("no race")?;
    assert_eq!(race["severity"], "error");
    let knob = &race["hosts"]["knobs"]["wasmtime-serve-p3"];
    assert_eq!(knob, "--max-instance-concurrent-reuse-count=1");
    Ok(())
}
