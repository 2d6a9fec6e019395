//! Directories and files, by number. Numbers are assigned in order, so that two runs see the same ones. A removed file
//! exists while a descriptor holds it. Nothing here is recursive, however deep directories nest.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::exec::worker::host::random::SplitMix;

/// The number of the directory that holds all others.
pub(super) const ROOT: u64 = 1;
/// The most bytes of all files together.
const MOST_BYTES: u64 = 16 << 20;
/// The most bytes of one file.
const LARGEST: u64 = 8 << 20;
/// The most directories and files.
const MOST_NODES: usize = 10_000;

/// The error codes of `wasi:filesystem` that occur here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    BadDescriptor,
    Exist,
    FileTooLarge,
    InsufficientSpace,
    Invalid,
    IsDirectory,
    NameTooLong,
    NoEntry,
    NotDirectory,
    NotEmpty,
    NotPermitted,
    Unsupported,
}

/// The entries of a directory: the number of each name.
pub(super) type Entries = BTreeMap<String, u64>;

/// All directories and files of one instance.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: BTreeMap<u64, Node>,
    /// The next number to assign, if it is free.
    next: u64,
    /// Bytes of all files.
    bytes: u64,
    /// The nodes when the first call began, and [`Self::next`] then.
    start: Option<(BTreeMap<u64, Node>, u64)>,
    /// Whether anything differs from [`Self::start`].
    is_changed: bool,
    limits: Limits,
    /// The time since 1970, to be set before an operation.
    pub(super) now: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Bytes of all files together.
    bytes: u64,
    /// Bytes of one file.
    file: u64,
    /// Directories and files.
    nodes: usize,
}

/// A directory or a file.
#[derive(Debug, Clone)]
struct Node {
    content: Content,
    /// The directory that it is in; the root's is the root. `None` once it was removed.
    parent: Option<u64>,
    /// How many descriptors and streams hold it.
    held: u64,
    times: Times,
}

/// A file's bytes are shared with [`Tree::start`] until they are changed.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Directory(Entries),
    File(Arc<Vec<u8>>),
}

/// Times since 1970. Reading a file does not change them (`noatime`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times {
    pub(crate) accessed: Duration,
    pub(crate) modified: Duration,
    pub(crate) changed: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) is_directory: bool,
    pub(crate) links: u64,
    pub(crate) size: u64,
    pub(crate) times: Times,
}

impl Tree {
    pub(super) fn new(now: Duration) -> Self {
        let mut root = Node::new(Content::Directory(Entries::new()), ROOT, now);
        root.held = 1;
        Tree {
            nodes: BTreeMap::from([(ROOT, root)]),
            next: ROOT + 1,
            bytes: 0,
            start: None,
            is_changed: false,
            limits: Limits { bytes: MOST_BYTES, file: LARGEST, nodes: MOST_NODES },
            now,
        }
    }

    /// Raises the limits by what the tree begins with: its number of directories and files, its bytes in all, and those of
    /// its largest file.
    pub(super) fn raise_limits(&mut self, nodes: usize, bytes: u64, file: u64) {
        self.limits.nodes += nodes;
        self.limits.bytes += bytes;
        self.limits.file += file;
    }

    /// Replaces a file's contents.
    pub(super) fn fill(&mut self, number: u64, bytes: Vec<u8>) -> Result<(), Fault> {
        self.set_size(number, bytes.len() as u64)?;
        let Content::File(content) = &mut self.node_mut(number)?.content else {
            return Err(Fault::IsDirectory);
        };
        *content = Arc::new(bytes);
        Ok(())
    }

    /// Resets everything to how it was when this was called first. What was created since and is still held open is in no
    /// directory any more.
    pub(super) fn begin_call(&mut self) {
        let Some((nodes, next)) = &self.start else {
            self.start = Some((self.nodes.clone(), self.next));
            self.is_changed = false;
            return;
        };
        if !self.is_changed {
            return;
        }
        self.is_changed = false;
        let mut nodes = nodes.clone();
        self.next = *next;
        for (number, node) in &mut nodes {
            node.held = self.nodes.get(number).map_or(0, |it| it.held);
        }
        for (number, mut node) in std::mem::take(&mut self.nodes) {
            if node.held > 0 && !nodes.contains_key(&number) {
                node.parent = None;
                if let Content::Directory(entries) = &mut node.content {
                    entries.clear();
                }
                nodes.insert(number, node);
            }
        }
        nodes.retain(|_, node| node.held > 0 || node.parent.is_some());
        self.bytes = nodes.values().map(Node::size).sum();
        self.nodes = nodes;
    }

    pub(super) fn hold(&mut self, number: u64) {
        if let Some(node) = self.nodes.get_mut(&number) {
            node.held += 1;
        }
    }

    pub(super) fn release(&mut self, number: u64) {
        if let Some(node) = self.nodes.get_mut(&number) {
            node.held -= 1;
            self.delete_unreachable(number);
        }
    }

    pub(crate) fn stat(&self, number: u64) -> Result<Stat, Fault> {
        let node = self.node(number)?;
        Ok(Stat {
            is_directory: matches!(node.content, Content::Directory(_)),
            links: u64::from(node.parent.is_some()),
            size: node.size(),
            times: node.times,
        })
    }

    /// What a guest may take for an inode's number. It depends on the number alone.
    pub(crate) fn hash(number: u64) -> (u64, u64) {
        let mut numbers = SplitMix::new(number);
        (numbers.next(), numbers.next())
    }

    pub(crate) fn set_times(
        &mut self,
        number: u64,
        [accessed, modified]: [Option<Duration>; 2],
    ) -> Result<(), Fault> {
        let now = self.now;
        let times = &mut self.node_mut(number)?.times;
        times.accessed = accessed.unwrap_or(times.accessed);
        times.modified = modified.unwrap_or(times.modified);
        times.changed = now;
        Ok(())
    }

    /// At most `most` bytes of a file, and whether it ends after them.
    pub(super) fn read(&self, number: u64, at: u64, most: u64) -> Result<(&[u8], bool), Fault> {
        let Content::File(bytes) = &self.node(number)?.content else {
            return Err(Fault::IsDirectory);
        };
        let size = bytes.len() as u64;
        let from = at.min(size);
        let to = from.saturating_add(most).min(size);
        Ok((&bytes[from as usize..to as usize], to == size))
    }

    /// Writes to a file, all or nothing: at a position, or at its end.
    pub(super) fn write(
        &mut self,
        number: u64,
        at: Option<u64>,
        written: &[u8],
    ) -> Result<(), Fault> {
        let size = self.node(number)?.size();
        let from = at.unwrap_or(size);
        let to = from.checked_add(written.len() as u64).ok_or(Fault::FileTooLarge)?;
        if written.is_empty() {
            return Ok(());
        }
        self.set_size(number, to.max(size))?;
        let Content::File(bytes) = &mut self.node_mut(number)?.content else {
            return Err(Fault::BadDescriptor);
        };
        Arc::make_mut(bytes)[from as usize..to as usize].copy_from_slice(written);
        Ok(())
    }

    /// Truncates a file, or extends it with zeros.
    pub(super) fn set_size(&mut self, number: u64, size: u64) -> Result<(), Fault> {
        let others = self.bytes - self.node(number)?.size();
        let (limits, now) = (self.limits, self.now);
        let node = self.node_mut(number)?;
        let Content::File(bytes) = &mut node.content else { return Err(Fault::BadDescriptor) };
        if size > limits.file {
            return Err(Fault::FileTooLarge);
        }
        if others + size > limits.bytes {
            return Err(Fault::InsufficientSpace);
        }
        if bytes.len() as u64 != size {
            Arc::make_mut(bytes).resize(size as usize, 0);
        }
        node.times.modified = now;
        node.times.changed = now;
        self.bytes = others + size;
        Ok(())
    }

    /// The entries of a directory, ordered by name.
    pub(super) fn entries(&self, number: u64) -> Result<&Entries, Fault> {
        match &self.node(number)?.content {
            Content::Directory(entries) => Ok(entries),
            Content::File(_) => Err(Fault::NotDirectory),
        }
    }

    pub(super) fn is_directory(&self, number: u64) -> bool {
        self.entries(number).is_ok()
    }

    /// The directory that it is in.
    ///
    /// # Errors
    /// When it was removed.
    pub(super) fn parent(&self, number: u64) -> Result<u64, Fault> {
        self.node(number)?.parent.ok_or(Fault::NoEntry)
    }

    /// Adds an entry to a directory that has no such name. Returns its number.
    pub(super) fn add(
        &mut self,
        directory: u64,
        name: &str,
        content: Content,
    ) -> Result<u64, Fault> {
        self.parent(directory)?;
        if self.nodes.len() >= self.limits.nodes {
            return Err(Fault::InsufficientSpace);
        }
        // What an earlier call left open keeps its number.
        while self.nodes.contains_key(&self.next) {
            self.next += 1;
        }
        let number = self.next;
        self.next += 1;
        self.entries_mut(directory)?.insert(name.to_owned(), number);
        self.nodes.insert(number, Node::new(content, directory, self.now));
        Ok(number)
    }

    /// Removes an entry from a directory.
    pub(super) fn remove(&mut self, directory: u64, name: &str) -> Result<(), Fault> {
        let now = self.now;
        let number = self.entries_mut(directory)?.remove(name).ok_or(Fault::NoEntry)?;
        let node = self.node_mut(number)?;
        node.parent = None;
        node.times.changed = now;
        self.delete_unreachable(number);
        Ok(())
    }

    /// Moves an entry to a directory that has no such name.
    pub(super) fn shift(
        &mut self,
        (from, old): (u64, &str),
        (to, new): (u64, &str),
    ) -> Result<(), Fault> {
        let now = self.now;
        let number = self.entries_mut(from)?.remove(old).ok_or(Fault::NoEntry)?;
        self.entries_mut(to)?.insert(new.to_owned(), number);
        let node = self.node_mut(number)?;
        node.parent = Some(to);
        node.times.changed = now;
        Ok(())
    }

    fn entries_mut(&mut self, number: u64) -> Result<&mut Entries, Fault> {
        let now = self.now;
        let node = self.node_mut(number)?;
        node.times.modified = now;
        node.times.changed = now;
        match &mut node.content {
            Content::Directory(entries) => Ok(entries),
            Content::File(_) => Err(Fault::NotDirectory),
        }
    }

    fn delete_unreachable(&mut self, number: u64) {
        if let Some(node) = self.nodes.get(&number)
            && node.held == 0
            && node.parent.is_none()
        {
            self.bytes -= node.size();
            self.nodes.remove(&number);
        }
    }

    fn node(&self, number: u64) -> Result<&Node, Fault> {
        self.nodes.get(&number).ok_or(Fault::BadDescriptor)
    }

    fn node_mut(&mut self, number: u64) -> Result<&mut Node, Fault> {
        self.is_changed = true;
        self.nodes.get_mut(&number).ok_or(Fault::BadDescriptor)
    }
}

impl Node {
    fn new(content: Content, parent: u64, now: Duration) -> Self {
        let times = Times { accessed: now, modified: now, changed: now };
        Node { content, parent: Some(parent), held: 0, times }
    }

    fn size(&self) -> u64 {
        match &self.content {
            Content::Directory(_) => 0,
            Content::File(bytes) => bytes.len() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::paths::How;
    use super::*;

    const NOW: Duration = Duration::from_secs(7);
    const LATER: Duration = Duration::from_secs(8);

    fn tree() -> Tree {
        Tree::new(NOW)
    }

    fn create(tree: &mut Tree, path: &str) -> Result<u64, Fault> {
        tree.open(ROOT, path, How { create: true, write: true, ..How::default() })
    }

    #[test]
    fn a_write_beyond_the_end_fills_with_zeros() {
        let mut tree = tree();
        let file = create(&mut tree, "a").expect("there is room");
        tree.now = LATER;
        assert_eq!(tree.write(file, Some(2), b"xy"), Ok(()));
        assert_eq!(tree.write(file, None, b"z"), Ok(()));
        assert_eq!(tree.read(file, 0, 4), Ok((&b"\0\0xy"[..], false)));
        assert_eq!(tree.read(file, 4, 9), Ok((&b"z"[..], true)));
        assert_eq!(tree.read(file, 99, 9), Ok((&b""[..], true)));
        assert_eq!(tree.stat(file).map(|it| (it.size, it.times.modified)), Ok((5, LATER)));
        assert_eq!(tree.read(ROOT, 0, 1), Err(Fault::IsDirectory));
    }

    #[test]
    fn files_and_bytes_are_limited() {
        let mut tree = tree();
        let files = ["a", "b", "c"].map(|it| create(&mut tree, it).expect("there is room"));
        assert_eq!(tree.set_size(files[0], LARGEST + 1), Err(Fault::FileTooLarge));
        assert_eq!(tree.write(files[0], Some(u64::MAX), b"x"), Err(Fault::FileTooLarge));
        assert_eq!(tree.set_size(files[0], LARGEST), Ok(()));
        assert_eq!(tree.set_size(files[1], LARGEST), Ok(()));
        assert_eq!(tree.write(files[2], None, b"x"), Err(Fault::InsufficientSpace));
        assert_eq!(tree.unlink_file(ROOT, "a"), Ok(()));
        assert_eq!(tree.write(files[2], None, b"x"), Ok(()));
        let made = (0..).take_while(|it| create(&mut tree, &format!("{it}")).is_ok()).count();
        assert_eq!(made, MOST_NODES - 3);
        assert_eq!(create(&mut tree, "d"), Err(Fault::InsufficientSpace));
    }

    #[test]
    fn each_call_begins_with_what_there_was_at_first() {
        let mut tree = tree();
        let kept = create(&mut tree, "kept").expect("there is room");
        assert_eq!(tree.write(kept, None, b"at first"), Ok(()));
        tree.begin_call();
        tree.now = LATER;
        assert_eq!(tree.set_size(kept, 2), Ok(()));
        assert_eq!(tree.create_directory(ROOT, "new"), Ok(()));
        let open = create(&mut tree, "new/open").expect("there is room");
        tree.hold(open);
        assert_eq!(tree.unlink_file(ROOT, "kept"), Ok(()));
        tree.begin_call();
        assert_eq!(
            tree.entries(ROOT).map(|it| it.keys().cloned().collect()),
            Ok(vec!["kept".to_owned()])
        );
        assert_eq!(tree.read(kept, 0, 99), Ok((&b"at first"[..], true)));
        assert_eq!(tree.stat(ROOT).map(|it| it.times.modified), Ok(NOW));
        // The open file still exists, in no directory, and its number is not assigned again.
        assert_eq!(tree.write(open, None, b"x"), Ok(()));
        assert_eq!(tree.stat(open).map(|it| it.links), Ok(0));
        let numbers = ["a", "b"].map(|it| create(&mut tree, it));
        assert_eq!(numbers, [Ok(kept + 1), Ok(open + 1)]);
        assert_eq!(tree.bytes, 9);
        tree.release(open);
        assert_eq!(tree.read(open, 0, 1), Err(Fault::BadDescriptor));
        assert_eq!(tree.bytes, 8);
    }
}
