//! The state of an instance of a component with accessors: read and written between calls, and while calls wait.

use std::time::Duration;

use wasmtime::component::{Accessor, ComponentNamedList, Instance, Lift, Lower, WasmList};
use wasmtime::{AsContext, AsContextMut};

use crate::exec::worker::budget::Stop;
use crate::exec::worker::host::Host;
use crate::exec::worker::probes::{Cell, Memory, Probe, Value};

/// Bytes of a page of linear memory.
pub(crate) const PAGE: usize = 64 << 10;
/// Operators for an accessor: more than any executes.
const FUEL: u64 = 1_000_000;
/// An accessor is refused if this much virtual time passes before it answers.
const REFUSED: Duration = Duration::from_millis(1);
/// Bytes that are read or written at once.
const AT_ONCE: usize = 16 << 20;
/// The largest memory that is read, in bytes.
const LARGEST: usize = 512 << 20;

/// The state of an instance, from inside of its event loop.
pub(crate) struct State<'s> {
    accessor: &'s Accessor<Host>,
    instance: Instance,
}

impl<'s> State<'s> {
    pub(super) fn new(accessor: &'s Accessor<Host>, instance: Instance) -> Self {
        State { accessor, instance }
    }

    /// The value of every cell that has accessors.
    pub(crate) async fn read(&self, probes: &[Probe]) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(probes.len());
        for probe in probes {
            values.push(match probe.cell {
                Cell::Memory(_) => Value::Memory(self.memory(probe).await?),
                Cell::Global(_) => Value::Global(self.access(probe, "get", ()).await?),
            });
        }
        Ok(values)
    }

    async fn memory(&self, probe: &Probe) -> Result<Memory, Stop> {
        let size: u32 = self.access(probe, "size", ()).await?;
        let size = size as usize * PAGE;
        if size > LARGEST {
            let detail = format!("a memory of {} MiB is too large to compare", size >> 20);
            return Err(Stop::inconclusive("size", detail));
        }
        let mut memory = Memory::default();
        // A part is returned through eight bytes outside of it.
        while memory.len() < size {
            let at = memory.len();
            let length = (size / 2).min(AT_ONCE).min(size - at);
            let through = if at >= 8 { 0 } else { size - 8 };
            let place = (at as u32, length as u32, through as u32);
            let part: WasmList<u8> = self.access(probe, "read", place).await?;
            self.accessor.with(|access| memory.extend(part.as_le_slice(access.as_context())));
        }
        Ok(memory)
    }

    /// Writes into a memory.
    pub(crate) async fn write(&self, probe: &Probe, at: usize, bytes: &[u8]) -> Result<(), Stop> {
        for (number, part) in bytes.chunks(AT_ONCE).enumerate() {
            let at = at + number * AT_ONCE;
            self.access::<_, ()>(probe, "aim", (at as u32,)).await?;
            self.access::<_, ()>(probe, "write", (part.to_vec(),)).await?;
        }
        Ok(())
    }

    /// Sets a global to these bits.
    pub(crate) async fn set(&self, probe: &Probe, bits: u64) -> Result<(), Stop> {
        self.access(probe, "set", (bits,)).await
    }

    /// Grows a memory to at least this many bytes.
    pub(crate) async fn grow(&self, probe: &Probe, bytes: usize) -> Result<(), Stop> {
        let size: u32 = self.access(probe, "size", ()).await?;
        let more = (bytes / PAGE).saturating_sub(size as usize);
        if more > 0 {
            let _before: u32 = self.access(probe, "grow", (more as u32,)).await?;
        }
        Ok(())
    }

    /// Calls an accessor. It executes no operators that the calls of the guest may execute.
    async fn access<P, R>(&self, probe: &Probe, name: &str, arguments: P) -> Result<R, Stop>
    where
        P: ComponentNamedList + Lower + Send + Sync + 'static,
        R: Answer,
    {
        let name = format!("{}-{name}", probe.prefix);
        let started = self.accessor.with(|mut access| {
            let function = self.instance.get_func(&mut access, &name);
            let function =
                function.ok_or_else(|| Stop::inconclusive("unreadable", "no accessor"))?;
            let function = function.typed::<P, R::List>(&access).map_err(Stop::Error)?;
            let mut store = access.as_context_mut();
            let fuel = store.get_fuel().map_err(Stop::Error)?;
            store.set_fuel(fuel.saturating_add(FUEL)).map_err(Stop::Error)?;
            let call = function.start_call_concurrent(store, arguments).map_err(Stop::Error)?;
            Ok((function, call))
        });
        let (function, call) = started?;
        // Virtual time passes only if the instance does not accept the call.
        let finishing = function.finish_call_concurrent(self.accessor, call);
        let Ok(answer) = tokio::time::timeout(REFUSED, finishing).await else {
            let detail = "the instance accepts no call that reads its state";
            return Err(Stop::inconclusive("unreadable", detail));
        };
        self.accessor
            .with(|mut access| {
                let mut store = access.as_context_mut();
                let fuel = store.get_fuel()?;
                store.set_fuel(fuel.saturating_sub(FUEL))
            })
            .map_err(Stop::Error)?;
        Ok(R::of(answer.map_err(Stop::Error)?))
    }
}

/// What an accessor returns.
trait Answer {
    type List: ComponentNamedList + Lift + Send + Sync + 'static;

    fn of(list: Self::List) -> Self;
}

impl Answer for () {
    type List = ();

    fn of((): ()) {}
}

macro_rules! answers {
    ($($ty:ty),*) => {$(
        impl Answer for $ty {
            type List = ($ty,);

            fn of((answer,): ($ty,)) -> $ty {
                answer
            }
        }
    )*};
}

answers!(u32, u64, WasmList<u8>);
