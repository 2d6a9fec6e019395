//! What is plugged in and is no good, and the places of traps beside what is plugged in.

use std::path::PathBuf;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use secondcall::component::Component;
use secondcall::exec::{Observer, Settings};
use secondcall::observation::{End, Frame, Observation};
use secondcall::script::Provider;

use super::root;

type Test = fn() -> Result<(), Failed>;

pub(super) fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 3] = [
        ("a_bad_provider_is_refused", refused),
        ("frames_say_whose_they_are", frames),
        ("stubs_are_those_of_the_composition", stubs),
    ];
    tests.into_iter().map(|(name, test)| Trial::test(format!("providers/{name}"), test)).collect()
}

fn parsed(name: &str) -> Result<Vec<u8>, Failed> {
    Ok(wat::parse_file(root().join("tests/exec/providers").join(name))?)
}

/// What is seen of a component with this plugged in; nobody has looked at it before.
fn observe(component: &str, import: &str, provider: Vec<u8>) -> Result<Observation, Failed> {
    let bytes = parsed(component)?;
    let component = Component::read(&bytes).map_err(|error| error.to_string())?;
    let mut settings = Settings::default();
    settings.script.providers.push(Provider { import: import.to_owned(), bytes: provider });
    let program = PathBuf::from(env!("CARGO_BIN_EXE_secondcall"));
    let observer =
        Observer { program, settings, cache: None, only_kept: false, stop: Arc::default() };
    Ok(observer.observe(&component, |_| true)?)
}

fn expect(seen: &str, expected: &str) -> Result<(), Failed> {
    if seen == expected { Ok(()) } else { Err(format!("{seen} instead of {expected}").into()) }
}

fn refused() -> Result<(), Failed> {
    let import = "shop:cart/stock@1.0.0";
    let stock = parsed("counter.wat")?;
    // Sixteen MiB that no section is long enough for.
    let mut huge = stock.clone();
    huge.resize(16 << 20, 0);
    for (provider, why) in [
        (Vec::new(), "is no component that can be read: unexpected end-of-file"),
        (b"\0asm\x01\0\0\0".to_vec(), "is no component that can be read: it is a core module"),
        (stock[..90].to_vec(), "is no component that can be read: unexpected end-of-file"),
        (huge, "is no component that can be read: "),
        (
            parsed("timer.wat")?,
            "does not export `shop:cart/stock@1.0.0`: it exports shop:cart/timer",
        ),
        (
            parsed("other_type.wat")?,
            "exports `shop:cart/stock@1.0.0` with another type than the component imports: type mismatch in \
             instance export `left`: type mismatch with result type: expected primitive `u32` found primitive \
             `string`",
        ),
    ] {
        let seen = observe("counter_consumer.wat", import, provider)?;
        let Some(end) = &seen.exports[0].inconclusive else { return Err("it is called".into()) };
        let told = format!("what is plugged in for `{import}` {why}");
        if end.reason != "refused" || !end.detail.starts_with(&told) {
            return Err(format!("{end:?} instead of {told}").into());
        }
    }
    Ok(())
}

fn frames() -> Result<(), Failed> {
    let named = |frame: &Frame| match (&frame.function, frame.offset) {
        (Some(name), None) => name.clone(),
        (_, offset) => offset.map_or("-".to_owned(), |at| format!("{at:#x}")),
    };
    for (component, provider, expected) in [
        (
            "traps_consumer.wat",
            "traps.wat",
            "shop:cart/stock@1.0.0 take_from_shelf, shop:cart/stock@1.0.0, -, 0x86, 0x8d",
        ),
        ("component_traps.wat", "counter.wat", "0x87, 0x94"),
    ] {
        let seen = observe(component, "shop:cart/stock@1.0.0", parsed(provider)?)?;
        let Some(End::Trapped(trap)) = seen.exports[0].reused.last().map(|it| &it.call.end) else {
            return Err(format!("{component} does not trap").into());
        };
        expect(&trap.frames.iter().map(named).collect::<Vec<_>>().join(", "), expected)?;
    }
    Ok(())
}

fn stubs() -> Result<(), Failed> {
    let seen = observe("baskets_consumer.wat", "shop:cart/baskets@1.0.0", parsed("baskets.wat")?)?;
    expect(&seen.stubbed.join(", "), "log")
}
