//! The state of an instance of a component with accessors: read and written between calls.

use wasmtime::component::{ComponentNamedList, Lift, Lower, WasmList};

use super::Live;
use crate::exec::worker::budget::{Stop, within};
use crate::exec::worker::probes::{Cell, Memory, Probe, Value};

/// Operators for an accessor: more than any executes.
const FUEL: u64 = 1_000_000;
/// Bytes that are read or written at once.
const AT_ONCE: usize = 16 << 20;
/// The largest memory that is read, in bytes.
const LARGEST: usize = 512 << 20;

impl Live<'_> {
    /// The value of every cell that has accessors.
    pub(crate) async fn state(&mut self, probes: &[Probe]) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(probes.len());
        for probe in probes {
            values.push(match probe.cell {
                Cell::Memory(_) => Value::Memory(self.read(probe).await?),
                Cell::Global(_) => Value::Global(self.access(probe, "get", ()).await?),
            });
        }
        Ok(values)
    }

    async fn read(&mut self, probe: &Probe) -> Result<Memory, Stop> {
        let size: u32 = self.access(probe, "size", ()).await?;
        let size = size as usize * super::PAGE;
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
            memory.extend(part.as_le_slice(&self.store));
        }
        Ok(memory)
    }

    /// Writes into a memory.
    pub(crate) async fn write(
        &mut self,
        probe: &Probe,
        at: usize,
        bytes: &[u8],
    ) -> Result<(), Stop> {
        for (number, part) in bytes.chunks(AT_ONCE).enumerate() {
            let at = at + number * AT_ONCE;
            self.access::<_, ()>(probe, "aim", (at as u32,)).await?;
            self.access::<_, ()>(probe, "write", (part.to_vec(),)).await?;
        }
        Ok(())
    }

    /// Sets a global to these bits.
    pub(crate) async fn set(&mut self, probe: &Probe, bits: u64) -> Result<(), Stop> {
        self.access(probe, "set", (bits,)).await
    }

    /// Grows a memory to at least this many bytes.
    pub(crate) async fn grow(&mut self, probe: &Probe, bytes: usize) -> Result<(), Stop> {
        let size: u32 = self.access(probe, "size", ()).await?;
        let more = (bytes / super::PAGE).saturating_sub(size as usize);
        if more > 0 {
            let _before: u32 = self.access(probe, "grow", (more as u32,)).await?;
        }
        Ok(())
    }

    /// Calls an accessor.
    async fn access<P, R>(&mut self, probe: &Probe, name: &str, arguments: P) -> Result<R, Stop>
    where
        P: ComponentNamedList + Lower + Send + Sync + 'static,
        R: Answer,
    {
        let name = format!("{}-{name}", probe.prefix);
        let function = self.instance.get_func(&mut self.store, &name);
        let function = function.ok_or_else(|| Stop::inconclusive("unreadable", "no accessor"))?;
        let function = function.typed::<P, R::List>(&self.store).map_err(Stop::Error)?;
        self.store.set_fuel(FUEL).map_err(Stop::Error)?;
        let deadline = self.budget.call_deadline();
        let calling = function.call_async(&mut self.store, arguments);
        Ok(R::of(within(deadline, calling).await?.map_err(Stop::Error)?))
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
