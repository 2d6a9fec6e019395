//! The search for the smallest cause of one difference.

use super::difference::{self, Part};
use super::minimize::minimize;
use crate::exec::worker::probes::Value;
use crate::observation::Inconclusive;

/// With changes in more small pages than this, what a later call changes again is tried first.
const SCATTERED: usize = 16;
/// How many single words are tried then.
const GUESSES: usize = 64;

/// A part of the state, and whether the search for the smallest one came to its end.
#[derive(Clone, Default)]
struct Smallest {
    parts: Vec<Part>,
    is_spent: bool,
}

/// The cause of a difference.
pub(super) struct Found {
    pub(super) necessary: Vec<Part>,
    pub(super) sufficient: Vec<Part>,
    /// The memories whose sizes are part of what is sufficient.
    pub(super) sizes: Vec<usize>,
    /// Whether the budget ended before the smallest part was found.
    pub(super) is_spent: bool,
    /// Elements by which the earlier calls grew tables.
    pub(super) table_elements: u64,
    pub(super) fresh: Vec<Value>,
    pub(super) later: Vec<Value>,
}

/// The states before two calls that differ.
pub(super) struct States {
    /// Before the call that does what it should.
    pub(super) fresh: Vec<Value>,
    /// Before the other one.
    pub(super) later: Vec<Value>,
    /// Elements by which the earlier calls grew tables.
    pub(super) table_elements: u64,
}

/// The trials of a difference.
pub(super) trait Trials {
    /// Whether they take long, so that a difference is first looked for by putting state into a fresh instance.
    fn is_long(&self) -> bool {
        false
    }

    /// Whether the call does what its reference call does, if these parts are put back.
    async fn is_mended(&mut self, parts: &[Part], states: &States) -> Result<bool, Inconclusive>;

    /// Whether the reference call does what the call does, if these parts are put in, and memories grown to these sizes.
    async fn is_broken(
        &mut self,
        parts: &[Part],
        sizes: &[(usize, usize)],
        states: &States,
    ) -> Result<bool, Inconclusive>;

    /// The state after the call that differs, if it returns and can be read.
    async fn state_after(&mut self) -> Result<Option<Vec<Value>>, Inconclusive> {
        Ok(None)
    }
}

/// The cause that trials show. `known` are causes of other differences of the component, which are tried first; what is
/// found is added.
pub(super) async fn causes(
    case: &mut impl Trials,
    base: States,
    known: &mut Vec<Vec<Part>>,
) -> Result<Found, Inconclusive> {
    let Smallest { parts: mut necessary, mut is_spent } = match case.is_long() {
        false => needed(case, &base, known).await?,
        true => Smallest::default(),
    };
    let (enough, sizes) = enough(case, &base, &necessary).await?;
    let mut sufficient = enough.parts;
    match necessary.is_empty() {
        true => is_spent = enough.is_spent,
        // What is needed is a cause without it.
        false if enough.is_spent => sufficient.clear(),
        false => {}
    }
    if necessary.is_empty() && sizes.is_empty() && case.is_long() {
        // What is enough may be all that is needed.
        if !sufficient.is_empty() && case.is_mended(&sufficient, &base).await? {
            necessary.clone_from(&sufficient);
        }
    }
    if necessary.is_empty() && sufficient.is_empty() && sizes.is_empty() {
        let detail =
            "neither memory nor globals explain it: handles, streams or other state of the host do";
        return Err(Inconclusive::new(Inconclusive::HOST_STATE, detail));
    }
    sufficient.retain(|part| sizes.is_empty() || !necessary.contains(part));
    let States { fresh, later, table_elements } = base;
    Ok(Found { necessary, sufficient, sizes, is_spent, table_elements, fresh, later })
}

/// The fewest parts that have to be put back; empty if not even all of them are enough.
async fn needed(
    case: &mut impl Trials,
    base: &States,
    known: &mut Vec<Vec<Part>>,
) -> Result<Smallest, Inconclusive> {
    let (fresh, later) = (&base.fresh, &base.later);
    let all = difference::pages(fresh, later);
    if all.is_empty() {
        return Ok(Smallest::default());
    }
    for parts in known.iter() {
        let differs = |part: &Part| !difference::words(&[*part], fresh, later).is_empty();
        if parts.iter().all(differs) && case.is_mended(parts, base).await? {
            let mut parts = parts.clone();
            let smaller = minimize(&mut parts, async |it: &[Part]| case.is_mended(it, base).await);
            return is_spent(smaller.await).map(|is_spent| Smallest { parts, is_spent });
        }
    }
    let mut parts = difference::small_numbers(fresh, later);
    let mut is_guessed = !parts.is_empty() && case.is_mended(&parts, base).await?;
    if !is_guessed && !case.is_mended(&all, base).await? {
        return Ok(Smallest::default());
    }
    if !is_guessed
        && all.len() > SCATTERED
        && let Some(guessed) = guess(case, base).await?
    {
        (parts, is_guessed) = (guessed, true);
    }
    let splits: &[Option<Split>] = if is_guessed { &[None] } else { &SPLITS };
    if !is_guessed {
        parts = all;
    }
    let mut spent = false;
    for split in splits {
        if let Some(split) = split {
            parts = split(&parts, fresh, later);
        }
        let smaller = minimize(&mut parts, async |it: &[Part]| case.is_mended(it, base).await);
        spent |= is_spent(smaller.await)?;
    }
    known.push(parts.clone());
    Ok(Smallest { parts, is_spent: spent })
}

/// Words and globals that mend the call, among those that the call itself changes again: a runtime that warms up in the
/// first call changes much, and in later ones only what they leave behind.
async fn guess(case: &mut impl Trials, base: &States) -> Result<Option<Vec<Part>>, Inconclusive> {
    let (fresh, later) = (&base.fresh, &base.later);
    let Some(after) = case.state_after().await? else { return Ok(None) };
    let again = difference::words(&difference::pages(later, &after), later, &after);
    let changed = difference::words(&difference::pages(fresh, later), fresh, later);
    let mut guesses: Vec<Part> = again.into_iter().filter(|part| changed.contains(part)).collect();
    if guesses.is_empty() {
        return Ok(None);
    }
    if case.is_mended(&guesses, base).await? {
        return Ok(Some(guesses));
    }
    // Put back together, they may contradict the rest.
    let small = difference::small_numbers(fresh, later);
    guesses.sort_by_key(|part| !small.contains(part));
    for part in guesses.into_iter().take(GUESSES) {
        if case.is_mended(&[part], base).await? {
            return Ok(Some(vec![part]));
        }
    }
    Ok(None)
}

/// Whether the budget was used up. What has been found so far is a cause, if not the smallest.
fn is_spent(minimized: Result<(), Inconclusive>) -> Result<bool, Inconclusive> {
    match minimized {
        Err(why) if why.reason == "budget" => Ok(true),
        minimized => minimized.map(|()| false),
    }
}

type Split = fn(&[Part], &[Value], &[Value]) -> Vec<Part>;
/// How parts are split before they are made fewer.
const SPLITS: [Option<Split>; 3] = [None, Some(difference::runs), Some(difference::words)];

/// The fewest parts that make a fresh instance do the same, and the memories that have to be grown for it.
async fn enough(
    case: &mut impl Trials,
    base: &States,
    necessary: &[Part],
) -> Result<(Smallest, Vec<usize>), Inconclusive> {
    let none = || (Smallest::default(), Vec::new());
    let found = search_enough(case, base, necessary).await;
    match found {
        // Without it, what is needed is still a cause.
        Err(why) if why.reason == "budget" && !necessary.is_empty() => Ok(none()),
        found => found,
    }
}

async fn search_enough(
    case: &mut impl Trials,
    base: &States,
    necessary: &[Part],
) -> Result<(Smallest, Vec<usize>), Inconclusive> {
    let (fresh, later) = (&base.fresh, &base.later);
    let grown = difference::grown(fresh, later);
    let of_grown = || grown.iter().map(|(value, _)| *value).collect::<Vec<_>>();
    if !necessary.is_empty() && case.is_broken(necessary, &[], base).await? {
        return Ok((Smallest { parts: necessary.to_vec(), is_spent: false }, Vec::new()));
    }
    if !grown.is_empty() && case.is_broken(&[], &grown, base).await? {
        return Ok((Smallest::default(), of_grown()));
    }
    let (mut parts, mut spent) = (difference::pages(fresh, later), false);
    if !case.is_broken(&parts, &grown, base).await? {
        return Ok((Smallest::default(), Vec::new()));
    }
    for split in SPLITS {
        if let Some(split) = split {
            parts = split(&parts, fresh, later);
        }
        let smaller =
            minimize(&mut parts, async |it: &[Part]| case.is_broken(it, &grown, base).await);
        spent |= is_spent(smaller.await)?;
    }
    let needs_sizes =
        !grown.is_empty() && (!fits(&parts, fresh) || !case.is_broken(&parts, &[], base).await?);
    let sizes = if needs_sizes { of_grown() } else { Vec::new() };
    Ok((Smallest { parts, is_spent: spent }, sizes))
}

/// Whether all parts lie in the memories as they are when they are fresh.
fn fits(parts: &[Part], fresh: &[Value]) -> bool {
    parts.iter().all(|part| match part {
        Part::Global(_) => true,
        Part::Bytes { value, at, length } => match &fresh[*value] {
            Value::Memory(memory) => at + length <= memory.len(),
            Value::Global(_) => true,
        },
    })
}
