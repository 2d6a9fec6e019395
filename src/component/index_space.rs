//! Typed indices, and vectors that accept only their own kind of index.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An index into one index space.
pub trait Idx: Copy + Eq + Ord + std::hash::Hash + fmt::Debug {
    /// The index of a number.
    fn new(raw: u32) -> Self;
    /// The number, for messages and other formats.
    fn raw(self) -> u32;
}

/// Declares types of indices, each with its documentation.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);
        impl Idx for $name {
            fn new(raw: u32) -> Self { $name(raw) }
            fn raw(self) -> u32 { self.0 }
        }
    )*};
}
pub(crate) use index;

index! {
    /// A core module of the file, at any depth, in file order.
    CoreModuleId
    /// A component definition of the file, at any depth, in file order; 0 is the root.
    ComponentId
    /// A type of a core module's type index space.
    TypeIdx
    /// A function of a core module's function index space, imports first.
    FuncIdx
    /// A table of a core module.
    TableIdx
    /// A memory of a core module.
    MemoryIdx
    /// A global of a core module.
    GlobalIdx
    /// A tag of a core module.
    TagIdx
    /// A data segment of a core module.
    DataIdx
    /// An element segment of a core module.
    ElemIdx
    /// A core module in a component's core module index space.
    CoreModuleIdx
    /// A core instance in a component's core instance index space.
    CoreInstanceIdx
    /// A core function in a component's core function index space.
    CoreFuncIdx
    /// A core table in a component's core table index space.
    CoreTableIdx
    /// A core memory in a component's core memory index space.
    CoreMemoryIdx
    /// A core global in a component's core global index space.
    CoreGlobalIdx
    /// A core tag in a component's core tag index space.
    CoreTagIdx
    /// A core type in a component's core type index space.
    CoreTypeIdx
    /// A component in a component's component index space.
    ComponentIdx
    /// An instance in a component's instance index space.
    InstanceIdx
    /// A function in a component's function index space.
    ComponentFuncIdx
    /// A type in a component's type index space.
    ComponentTypeIdx
    /// A value in a component's value index space.
    ComponentValueIdx
}

/// A vector with a type of index of its own.
#[derive(Clone)]
pub struct IndexSpace<I, T> {
    items: Vec<T>,
    index: PhantomData<I>,
}

impl<I: Idx, T> IndexSpace<I, T> {
    /// Adds an item and returns its index.
    pub fn push(&mut self, item: T) -> I {
        let index = self.next();
        self.items.push(item);
        index
    }

    /// The index of the next item to be pushed.
    pub fn next(&self) -> I {
        I::new(u32::try_from(self.items.len()).expect("an index space holds fewer than 2^32 items"))
    }

    /// The item; `None` if the index is out of range.
    pub fn get(&self, index: I) -> Option<&T> {
        self.items.get(index.raw() as usize)
    }

    /// The item; `None` if the index is out of range.
    pub fn get_mut(&mut self, index: I) -> Option<&mut T> {
        self.items.get_mut(index.raw() as usize)
    }

    /// All items in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(i, item)| (I::new(i as u32), item))
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it holds no item.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<I, T> Default for IndexSpace<I, T> {
    fn default() -> Self {
        IndexSpace { items: Vec::new(), index: PhantomData }
    }
}

impl<I: Idx, T> Index<I> for IndexSpace<I, T> {
    type Output = T;
    fn index(&self, index: I) -> &T {
        &self.items[index.raw() as usize]
    }
}

impl<I: Idx, T> IndexMut<I> for IndexSpace<I, T> {
    fn index_mut(&mut self, index: I) -> &mut T {
        &mut self.items[index.raw() as usize]
    }
}

impl<I, T> FromIterator<T> for IndexSpace<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        IndexSpace { items: items.into_iter().collect(), index: PhantomData }
    }
}

impl<I, T: fmt::Debug> fmt::Debug for IndexSpace<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}
