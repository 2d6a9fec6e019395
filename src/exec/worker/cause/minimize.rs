//! Delta debugging (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002): the smallest part of a
//! list for which a test still holds.

/// Removes items as long as `holds` is true for the rest. It is true for all of them. In the end, no single item can be
/// removed.
///
/// # Errors
/// The first error of `holds`. It is true for the items that are left.
pub(super) async fn minimize<T: Clone, E>(
    items: &mut Vec<T>,
    mut holds: impl AsyncFnMut(&[T]) -> Result<bool, E>,
) -> Result<(), E> {
    let mut chunks = 2;
    while items.len() > 1 {
        let size = items.len().div_ceil(chunks);
        let mut reduced = None;
        for chunk in items.chunks(size) {
            if holds(chunk).await? {
                reduced = Some((chunk.to_vec(), 2));
                break;
            }
        }
        // With two chunks, a complement is the other chunk.
        if reduced.is_none() && chunks > 2 {
            for start in (0..items.len()).step_by(size) {
                let end = (start + size).min(items.len());
                let rest = [&items[..start], &items[end..]].concat();
                if holds(&rest).await? {
                    reduced = Some((rest, (chunks - 1).max(2)));
                    break;
                }
            }
        }
        match reduced {
            Some((rest, next)) => (*items, chunks) = (rest, next),
            None if size == 1 => break,
            None => chunks = (2 * chunks).min(items.len()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::minimize;
    use futures::FutureExt;

    #[test]
    fn only_what_is_needed_stays() {
        for needed in [vec![3], vec![0, 99], vec![7, 8, 50], (0..100).collect::<Vec<u32>>()] {
            let mut tests = 0;
            let mut found = (0..100).collect();
            let running = minimize(&mut found, async |items: &[u32]| {
                tests += 1;
                Ok::<_, ()>(needed.iter().all(|it| items.contains(it)))
            });
            running.now_or_never().unwrap().unwrap();
            assert_eq!(found, needed);
            assert!(needed.len() > 3 || tests < 80, "{tests}");
        }
        let mut both = vec![1, 2];
        let failing = minimize(&mut both, async |_: &[i32]| Err("no"));
        assert_eq!(failing.now_or_never(), Some(Err("no")));
    }
}
