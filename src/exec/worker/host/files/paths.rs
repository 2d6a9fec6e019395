//! Operations on paths, which start at an open directory and never lead above it. There are no links: every file has one
//! name.

use std::sync::Arc;

use super::tree::{Content, Entries, Fault, Tree};

/// The longest name, in bytes.
const LONGEST_NAME: usize = 255;
/// How many names a path may have.
const DEEPEST: usize = 64;

/// How to open.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct How {
    pub(crate) create: bool,
    pub(crate) exclusive: bool,
    pub(crate) truncate: bool,
    pub(crate) directory: bool,
    pub(crate) write: bool,
}

/// Where a path leads, whether or not something is there.
struct Resolved<'p> {
    /// The directory that holds it.
    directory: u64,
    /// Its name there; `None` for the directory itself, as for a path that ends in `.` or `..`.
    name: Option<&'p str>,
    /// Whether the path ends in a slash.
    slash: bool,
}

impl Tree {
    pub(crate) fn find(&self, base: u64, path: &str) -> Result<u64, Fault> {
        let resolved = self.resolve(base, path)?;
        self.at(&resolved)?.ok_or(Fault::NoEntry)
    }

    /// Opens or creates a file, or opens a directory.
    pub(super) fn open(&mut self, base: u64, path: &str, how: How) -> Result<u64, Fault> {
        if how.directory && (how.create || how.exclusive || how.truncate) {
            return Err(Fault::Invalid);
        }
        let resolved = self.resolve(base, path)?;
        let Some(found) = self.at(&resolved)? else {
            return match resolved.name {
                Some(_) if how.create && resolved.slash => Err(Fault::IsDirectory),
                Some(name) if how.create => {
                    self.add(resolved.directory, name, Content::File(Arc::default()))
                }
                _ => Err(Fault::NoEntry),
            };
        };
        if how.create && how.exclusive {
            return Err(Fault::Exist);
        }
        if self.is_directory(found) {
            match how.create || how.truncate || how.write {
                true => return Err(Fault::IsDirectory),
                false => return Ok(found),
            }
        }
        if how.directory {
            return Err(Fault::NotDirectory);
        }
        if how.truncate {
            self.set_size(found, 0)?;
        }
        Ok(found)
    }

    pub(crate) fn create_directory(&mut self, base: u64, path: &str) -> Result<(), Fault> {
        let resolved = self.resolve(base, path)?;
        let name = resolved.name.ok_or(Fault::Exist)?;
        if self.entries(resolved.directory)?.contains_key(name) {
            return Err(Fault::Exist);
        }
        self.add(resolved.directory, name, Content::Directory(Entries::new()))?;
        Ok(())
    }

    pub(crate) fn remove_directory(&mut self, base: u64, path: &str) -> Result<(), Fault> {
        let resolved = self.resolve(base, path)?;
        let name = resolved.name.ok_or(Fault::Invalid)?;
        let found = self.at(&resolved)?.ok_or(Fault::NoEntry)?;
        match self.entries(found)?.is_empty() {
            true => self.remove(resolved.directory, name),
            false => Err(Fault::NotEmpty),
        }
    }

    pub(crate) fn unlink_file(&mut self, base: u64, path: &str) -> Result<(), Fault> {
        let resolved = self.resolve(base, path)?;
        let name = resolved.name.ok_or(Fault::IsDirectory)?;
        let found = self.at(&resolved)?.ok_or(Fault::NoEntry)?;
        match self.is_directory(found) {
            true => Err(Fault::IsDirectory),
            false => self.remove(resolved.directory, name),
        }
    }

    /// Replaces what has the new name already, as POSIX specifies for `rename`.
    pub(super) fn rename(
        &mut self,
        (old_base, old): (u64, &str),
        (new_base, new): (u64, &str),
    ) -> Result<(), Fault> {
        let (from, to) = (self.resolve(old_base, old)?, self.resolve(new_base, new)?);
        let moved = self.at(&from)?.ok_or(Fault::NoEntry)?;
        let old = from.name.ok_or(Fault::Invalid)?;
        let new = to.name.ok_or(Fault::Invalid)?;
        // Neither into a removed directory nor into itself.
        let mut above = to.directory;
        while above != self.parent(above)? {
            if above == moved {
                return Err(Fault::Invalid);
            }
            above = self.parent(above)?;
        }
        if to.slash && !self.is_directory(moved) {
            return Err(Fault::NotDirectory);
        }
        if let Some(replaced) = self.at(&to)? {
            match (self.is_directory(moved), self.entries(replaced)) {
                _ if moved == replaced => return Ok(()),
                (false, Ok(_)) => return Err(Fault::IsDirectory),
                (true, Err(fault)) => return Err(fault),
                (true, Ok(entries)) if !entries.is_empty() => return Err(Fault::NotEmpty),
                _ => self.remove(to.directory, new)?,
            }
        }
        self.shift((from.directory, old), (to.directory, new))
    }

    /// What the path leads to, if it exists.
    fn at(&self, resolved: &Resolved<'_>) -> Result<Option<u64>, Fault> {
        let Some(name) = resolved.name else { return Ok(Some(resolved.directory)) };
        let found = self.entries(resolved.directory)?.get(name).copied();
        match found {
            Some(found) if resolved.slash && !self.is_directory(found) => Err(Fault::NotDirectory),
            found => Ok(found),
        }
    }

    fn resolve<'p>(&self, base: u64, path: &'p str) -> Result<Resolved<'p>, Fault> {
        match path.as_bytes() {
            [] => return Err(Fault::NoEntry),
            [b'/', ..] => return Err(Fault::NotPermitted),
            bytes if bytes.contains(&0) => return Err(Fault::Invalid),
            _ => {}
        }
        let slash = path.ends_with('/') || path.ends_with("/.");
        let mut names = path.split('/').filter(|it| !matches!(*it, "" | ".")).peekable();
        let (mut directory, mut above) = (base, Vec::new());
        let mut entries = self.entries(directory)?;
        while let Some(name) = names.next() {
            if name == ".." {
                directory = above.pop().ok_or(Fault::NotPermitted)?;
            } else if name.len() > LONGEST_NAME || above.len() >= DEEPEST {
                return Err(Fault::NameTooLong);
            } else if names.peek().is_none() {
                return Ok(Resolved { directory, name: Some(name), slash });
            } else {
                above.push(directory);
                directory = *entries.get(name).ok_or(Fault::NoEntry)?;
            }
            entries = self.entries(directory)?;
        }
        Ok(Resolved { directory, name: None, slash: true })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::tree::ROOT;
    use super::*;

    const NOW: Duration = Duration::ZERO;
    const CREATE: How =
        How { create: true, exclusive: false, truncate: false, directory: false, write: true };

    fn tree() -> Tree {
        let mut tree = Tree::new(NOW);
        for directory in ["a", "a/b", "c"] {
            tree.create_directory(ROOT, directory).expect("there is room");
        }
        tree.open(ROOT, "a/b/file", CREATE).expect("there is room");
        tree
    }

    #[test]
    fn a_path_stays_below_where_it_begins() {
        let tree = tree();
        let b = tree.find(ROOT, "a/b").expect("it is there");
        assert_eq!(tree.find(b, "."), Ok(b));
        assert_eq!(tree.find(ROOT, "./a//b/../b/."), Ok(b));
        assert_eq!(tree.find(b, ".."), Err(Fault::NotPermitted));
        assert_eq!(tree.find(ROOT, "a/../../a"), Err(Fault::NotPermitted));
        assert_eq!(tree.find(ROOT, "/a"), Err(Fault::NotPermitted));
        assert_eq!(tree.find(ROOT, "a/b/file/"), Err(Fault::NotDirectory));
        assert_eq!(tree.find(ROOT, "a/b/file/.."), Err(Fault::NotDirectory));
        assert_eq!(tree.find(ROOT, "none/.."), Err(Fault::NoEntry));
        assert_eq!(tree.find(ROOT, ""), Err(Fault::NoEntry));
        assert_eq!(tree.find(ROOT, "a\0"), Err(Fault::Invalid));
        assert_eq!(tree.find(ROOT, &"n".repeat(256)), Err(Fault::NameTooLong));
    }

    #[test]
    fn a_path_has_an_end() {
        let mut tree = Tree::new(NOW);
        for depth in 1..=DEEPEST {
            let path = vec!["d"; depth].join("/");
            assert_eq!(tree.create_directory(ROOT, &path), Ok(()));
        }
        let path = vec!["d"; DEEPEST + 1].join("/");
        assert_eq!(tree.create_directory(ROOT, &path), Err(Fault::NameTooLong));
    }

    #[test]
    fn opening_makes_and_refuses() {
        let mut tree = tree();
        let mut open = |path, how| tree.open(ROOT, path, how).err();
        assert_eq!(open("a", How { directory: true, ..How::default() }), None);
        assert_eq!(open("a", CREATE), Some(Fault::IsDirectory));
        assert_eq!(open("d", How::default()), Some(Fault::NoEntry));
        assert_eq!(open("d/", CREATE), Some(Fault::IsDirectory));
        assert_eq!(open("d/e", CREATE), Some(Fault::NoEntry));
        assert_eq!(open("a/b/file", How { exclusive: true, ..CREATE }), Some(Fault::Exist));
        let directory = How { directory: true, ..How::default() };
        assert_eq!(open("a/b/file", directory), Some(Fault::NotDirectory));
        assert_eq!(open("a", How { directory: true, ..CREATE }), Some(Fault::Invalid));
    }

    #[test]
    fn what_is_removed_is_gone() {
        let mut tree = tree();
        assert_eq!(tree.remove_directory(ROOT, "a/b"), Err(Fault::NotEmpty));
        assert_eq!(tree.remove_directory(ROOT, "a/b/file"), Err(Fault::NotDirectory));
        assert_eq!(tree.unlink_file(ROOT, "a/b"), Err(Fault::IsDirectory));
        let b = tree.find(ROOT, "a/b").expect("it is there");
        tree.hold(b);
        assert_eq!(tree.unlink_file(ROOT, "a/b/file"), Ok(()));
        assert_eq!(tree.remove_directory(ROOT, "a/b"), Ok(()));
        assert_eq!(tree.find(ROOT, "a/b"), Err(Fault::NoEntry));
        assert_eq!(tree.open(b, "new", CREATE), Err(Fault::NoEntry));
    }

    #[test]
    fn renaming_replaces_what_is_alike() {
        let mut tree = tree();
        let (a, file) = (tree.find(ROOT, "a"), tree.find(ROOT, "a/b/file"));
        let mut rename = |old, new| tree.rename((ROOT, old), (ROOT, new));
        assert_eq!(rename("a", "a/b/a"), Err(Fault::Invalid));
        assert_eq!(rename("a/b/file", "c"), Err(Fault::IsDirectory));
        assert_eq!(rename("c", "a/b/file"), Err(Fault::NotDirectory));
        assert_eq!(rename("c", "a/b"), Err(Fault::NotEmpty));
        assert_eq!(rename("a/b/file", "a/b/file"), Ok(()));
        assert_eq!(rename("a/b/file", "file/"), Err(Fault::NotDirectory));
        assert_eq!(rename("a/b/file", "file"), Ok(()));
        assert_eq!(rename("a", "c"), Ok(()));
        assert_eq!((tree.find(ROOT, "c"), tree.find(ROOT, "file")), (a, file));
        assert_eq!(tree.find(ROOT, "a"), Err(Fault::NoEntry));
        assert!(tree.find(ROOT, "c/b").is_ok());
    }
}
