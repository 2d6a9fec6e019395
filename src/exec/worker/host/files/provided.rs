//! The user's folder, of which every instance gets a copy.

use std::time::Duration;

use super::paths::How;
use super::tree::{ROOT, Tree};
use crate::script::GuestFile;

/// A tree with these files; a path that ends with `/` is a directory. The limits of an empty tree apply to what is added.
/// Leaves out what cannot be in a tree, such as a file below a file.
pub(super) fn tree(files: Vec<GuestFile>, now: Duration) -> Tree {
    let mut tree = Tree::new(now);
    let nodes = files.iter().map(|it| it.path.split('/').count()).sum();
    let sizes = || files.iter().map(|it| it.bytes.len() as u64);
    tree.raise_limits(nodes, sizes().sum(), sizes().max().unwrap_or(0));
    for GuestFile { path, bytes } in files {
        for (end, _) in path.match_indices('/') {
            let _exists = tree.create_directory(ROOT, &path[..end]);
        }
        let how = How { create: true, write: true, ..How::default() };
        if let Ok(file) = tree.open(ROOT, &path, how) {
            let _is_directory = tree.fill(file, bytes);
        }
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(7);

    fn file(path: &str, size: usize) -> GuestFile {
        GuestFile { path: path.to_owned(), bytes: vec![b'x'; size] }
    }

    #[test]
    fn files_stand_in_their_directories() {
        let files = ["a", "b.txt", "b/c/x", "b/d", "b/out/", "a/below", "../up", "/root", ""];
        let tree = tree(files.map(|it| file(it, it.len())).into(), NOW);
        let names = |path: &str| {
            let entries = tree.find(ROOT, path).and_then(|it| tree.entries(it));
            entries.map(|it| it.keys().cloned().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(names(".").as_deref(), Ok("a b b.txt"));
        assert_eq!(names("b").as_deref(), Ok("c d out"));
        assert_eq!(names("b/out").as_deref(), Ok(""));
        let found = tree.find(ROOT, "b/c/x").and_then(|it| tree.stat(it));
        assert_eq!(found.map(|it| (it.size, it.times.modified)), Ok((5, NOW)));
    }

    #[test]
    fn there_is_room_beside_what_was_given() {
        let mut tree = tree(vec![file("large", 20 << 20)], NOW);
        let large = tree.find(ROOT, "large").expect("it is there");
        assert_eq!(tree.write(large, None, b"more"), Ok(()));
        tree.begin_call();
        assert_eq!(tree.set_size(large, 0), Ok(()));
        tree.begin_call();
        assert_eq!(tree.stat(large).map(|it| it.size), Ok((20 << 20) + 4));
    }
}
