//! Canonical functions: lift, lower and the builtins, with all their options.

use wasmparser::{CanonicalFunction as Raw, CanonicalOption};

use super::index_space::{
    ComponentFuncIdx, ComponentTypeIdx, CoreFuncIdx, CoreMemoryIdx, CoreTypeIdx, Idx,
};

/// A canonical function.
#[derive(Debug, Clone)]
pub enum CanonicalFunction {
    /// `canon lift`.
    Lift(Lift),
    /// `canon lower`.
    Lower(Lower),
    /// A builtin.
    Builtin(Builtin),
}

/// `canon lift`.
#[derive(Debug, Clone)]
pub struct Lift {
    /// The core function.
    pub core_func: CoreFuncIdx,
    /// The type of the lifted function.
    pub ty: ComponentTypeIdx,
    /// The options.
    pub options: CanonicalOptions,
}

/// Where a lowered function writes its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultArea {
    /// The parameter that points to it, which is the last one.
    pub param: u32,
    /// Its length; `u32::MAX` for one that fits in no memory.
    pub bytes: u32,
}

/// `canon lower`.
#[derive(Debug, Clone)]
pub struct Lower {
    /// The component function.
    pub func: ComponentFuncIdx,
    /// The options.
    pub options: CanonicalOptions,
    /// Where it writes its result, in a 32-bit memory; `None` if the result is a core value.
    pub result: Option<ResultArea>,
    /// Whether its caller waits for it: the function is async, and it is lowered without `async`.
    pub waits: bool,
    /// Whether its result holds handles of a resource that the component neither drops nor passes on.
    pub unreleased: bool,
}

/// A canonical builtin, such as `resource.drop`.
#[derive(Debug, Clone)]
pub struct Builtin {
    /// Its name in the component model's text format: `resource.drop`, `task.return`.
    pub name: &'static str,
    /// Its type immediate.
    pub ty: Option<ComponentTypeIdx>,
    /// The slot of `context.get` and `context.set`; wasmparser knows 0 and 1.
    pub slot: Option<u8>,
    /// The options.
    pub options: CanonicalOptions,
}

/// How strings are encoded in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StringEncoding {
    /// UTF-8, the default.
    #[default]
    Utf8,
    /// UTF-16.
    Utf16,
    /// Latin-1 or UTF-16.
    CompactUtf16,
}

/// The options of a canonical function.
#[derive(Debug, Clone, Default)]
pub struct CanonicalOptions {
    /// How strings are encoded.
    pub string_encoding: StringEncoding,
    /// The memory that values pass through.
    pub memory: Option<CoreMemoryIdx>,
    /// The function that allocates in that memory.
    pub realloc: Option<CoreFuncIdx>,
    /// The function that frees the results.
    pub post_return: Option<CoreFuncIdx>,
    /// Whether the asynchronous ABI is used.
    pub is_async: bool,
    /// The function that takes the events of an asynchronous task.
    pub callback: Option<CoreFuncIdx>,
    /// The core type to lower to.
    pub core_type: Option<CoreTypeIdx>,
    /// Whether the garbage-collected ABI is used.
    pub gc: bool,
}

impl CanonicalOptions {
    fn of(raw: &[CanonicalOption]) -> Self {
        let mut options = CanonicalOptions::default();
        for option in raw {
            match *option {
                CanonicalOption::UTF8 => options.string_encoding = StringEncoding::Utf8,
                CanonicalOption::UTF16 => options.string_encoding = StringEncoding::Utf16,
                CanonicalOption::CompactUTF16 => {
                    options.string_encoding = StringEncoding::CompactUtf16;
                }
                CanonicalOption::Memory(index) => options.memory = Some(Idx::new(index)),
                CanonicalOption::Realloc(index) => options.realloc = Some(Idx::new(index)),
                CanonicalOption::PostReturn(index) => options.post_return = Some(Idx::new(index)),
                CanonicalOption::Async => options.is_async = true,
                CanonicalOption::Callback(index) => options.callback = Some(Idx::new(index)),
                CanonicalOption::CoreType(index) => options.core_type = Some(Idx::new(index)),
                CanonicalOption::Gc => options.gc = true,
            }
        }
        options
    }
}

impl CanonicalFunction {
    /// Converts wasmparser's representation.
    pub(super) fn of(raw: &Raw) -> Self {
        let builtin =
            |name| Builtin { name, ty: None, slot: None, options: CanonicalOptions::default() };
        let about = |name, ty| Builtin { ty: Some(Idx::new(ty)), ..builtin(name) };
        let with = |name, ty: Option<u32>, options| Builtin {
            ty: ty.map(Idx::new),
            options: CanonicalOptions::of(options),
            ..builtin(name)
        };
        let reads = |name, memory| Builtin {
            options: CanonicalOptions {
                memory: Some(Idx::new(memory)),
                ..CanonicalOptions::default()
            },
            ..builtin(name)
        };
        let waits = |name, is_async| Builtin {
            options: CanonicalOptions { is_async, ..CanonicalOptions::default() },
            ..builtin(name)
        };
        CanonicalFunction::Builtin(match raw {
            Raw::Lift { core_func_index, type_index, options } => {
                return CanonicalFunction::Lift(Lift {
                    core_func: Idx::new(*core_func_index),
                    ty: Idx::new(*type_index),
                    options: CanonicalOptions::of(options),
                });
            }
            Raw::Lower { func_index, options } => {
                return CanonicalFunction::Lower(Lower {
                    func: Idx::new(*func_index),
                    options: CanonicalOptions::of(options),
                    result: None,
                    waits: false,
                    unreleased: false,
                });
            }
            Raw::ResourceNew { resource } => about("resource.new", *resource),
            Raw::ResourceDrop { resource } => about("resource.drop", *resource),
            Raw::ResourceRep { resource } => about("resource.rep", *resource),
            Raw::ThreadSpawnRef { .. } => builtin("thread.spawn-ref"),
            Raw::ThreadSpawnIndirect { .. } => builtin("thread.spawn-indirect"),
            Raw::ThreadAvailableParallelism => builtin("thread.available-parallelism"),
            Raw::BackpressureInc => builtin("backpressure.inc"),
            Raw::BackpressureDec => builtin("backpressure.dec"),
            Raw::TaskReturn { options, .. } => with("task.return", None, options),
            Raw::TaskCancel => builtin("task.cancel"),
            Raw::ContextGet { slot, .. } => {
                Builtin { slot: u8::try_from(*slot).ok(), ..builtin("context.get") }
            }
            Raw::ContextSet { slot, .. } => {
                Builtin { slot: u8::try_from(*slot).ok(), ..builtin("context.set") }
            }
            Raw::ThreadYield => builtin("thread.yield"),
            Raw::SubtaskDrop => builtin("subtask.drop"),
            Raw::SubtaskCancel { async_ } => waits("subtask.cancel", *async_),
            Raw::StreamNew { ty } => about("stream.new", *ty),
            Raw::StreamRead { ty, options } => with("stream.read", Some(*ty), options),
            Raw::StreamWrite { ty, options } => with("stream.write", Some(*ty), options),
            Raw::StreamForward { ty } => about("stream.forward", *ty),
            Raw::StreamCancelRead { ty, async_ } => {
                Builtin { ty: Some(Idx::new(*ty)), ..waits("stream.cancel-read", *async_) }
            }
            Raw::StreamCancelWrite { ty, async_ } => {
                Builtin { ty: Some(Idx::new(*ty)), ..waits("stream.cancel-write", *async_) }
            }
            Raw::StreamDropReadable { ty } => about("stream.drop-readable", *ty),
            Raw::StreamDropWritable { ty } => about("stream.drop-writable", *ty),
            Raw::FutureNew { ty } => about("future.new", *ty),
            Raw::FutureRead { ty, options } => with("future.read", Some(*ty), options),
            Raw::FutureWrite { ty, options } => with("future.write", Some(*ty), options),
            Raw::FutureForward { ty } => about("future.forward", *ty),
            Raw::FutureCancelRead { ty, async_ } => {
                Builtin { ty: Some(Idx::new(*ty)), ..waits("future.cancel-read", *async_) }
            }
            Raw::FutureCancelWrite { ty, async_ } => {
                Builtin { ty: Some(Idx::new(*ty)), ..waits("future.cancel-write", *async_) }
            }
            Raw::FutureDropReadable { ty } => about("future.drop-readable", *ty),
            Raw::FutureDropWritable { ty } => about("future.drop-writable", *ty),
            Raw::ErrorContextNew { options } => with("error-context.new", None, options),
            Raw::ErrorContextDebugMessage { options } => {
                with("error-context.debug-message", None, options)
            }
            Raw::ErrorContextDrop => builtin("error-context.drop"),
            Raw::WaitableSetNew => builtin("waitable-set.new"),
            Raw::WaitableSetWait { memory } => reads("waitable-set.wait", *memory),
            Raw::WaitableSetPoll { memory } => reads("waitable-set.poll", *memory),
            Raw::WaitableSetDrop => builtin("waitable-set.drop"),
            Raw::WaitableJoin => builtin("waitable.join"),
            Raw::ThreadIndex => builtin("thread.index"),
            Raw::ThreadNewIndirect { .. } => builtin("thread.new-indirect"),
            Raw::ThreadResumeLater => builtin("thread.resume-later"),
            Raw::ThreadSuspend => builtin("thread.suspend"),
            Raw::ThreadSuspendThenResume => builtin("thread.suspend-then-resume"),
            Raw::ThreadYieldThenResume => builtin("thread.yield-then-resume"),
            Raw::ThreadSuspendThenPromote => builtin("thread.suspend-then-promote"),
            Raw::ThreadYieldThenPromote => builtin("thread.yield-then-promote"),
        })
    }
}
