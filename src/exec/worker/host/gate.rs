//! Holds back what the guest waits for, so that a schedule decides in which order it happens. While the gate is open,
//! nothing is held back.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use wasmtime::component::GuestTaskId;

/// The gate of one instance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    /// What is held back, in the order in which the wait for it began.
    held: Vec<Held>,
    /// How many waits have begun.
    begun: u64,
    /// The tasks of the calls, each with the number of its call.
    tasks: Vec<(GuestTaskId, usize)>,
    /// The call that went on last.
    current: usize,
    /// Who waits for something to be held back.
    watcher: Option<Waker>,
}

#[derive(Debug)]
struct Held {
    event: Event,
    is_released: bool,
    waker: Option<Waker>,
}

/// Something that a call waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its number, unique in its instance.
    pub(crate) number: u64,
    /// The number of the call.
    pub(crate) call: usize,
    /// `monotonic-clock#wait-for`, for example; empty for the start of a call.
    pub(crate) what: String,
}

impl Gate {
    /// Holds back everything that begins from now on.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        *state = State { is_closed: true, begun: state.begun, ..State::default() };
    }

    /// Lets everything happen that is held back or begins later.
    pub(crate) fn open(&self) {
        let mut state = self.state();
        state.is_closed = false;
        state.held.iter_mut().filter_map(|held| held.waker.take()).for_each(Waker::wake);
    }

    /// Notes the task of a call.
    pub(crate) fn started(&self, task: GuestTaskId, call: usize) {
        self.state().tasks.push((task, call));
    }

    /// Makes this the call for which the host creates arguments.
    pub(crate) fn prepare(&self, call: usize) {
        self.state().current = call;
    }

    /// The call for which the host creates arguments, or that went on last.
    pub(crate) fn current(&self) -> usize {
        self.state().current
    }

    /// What is held back, oldest first.
    pub(crate) fn held(&self) -> Vec<Event> {
        let state = self.state();
        state.held.iter().filter(|it| !it.is_released).map(|it| it.event.clone()).collect()
    }

    /// Lets one event happen.
    pub(crate) fn release(&self, number: u64) {
        let mut state = self.state();
        let found = state.held.iter_mut().find(|held| held.event.number == number);
        let Some(held) = found else { return };
        held.is_released = true;
        let call = held.event.call;
        held.waker.take().into_iter().for_each(Waker::wake);
        state.current = call;
    }

    /// Returns once something is held back.
    pub(crate) async fn arrival(&self) {
        std::future::poll_fn(|context| {
            let mut state = self.state();
            if state.held.iter().any(|held| !held.is_released) {
                return Poll::Ready(());
            }
            state.watcher = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Waits until `what` of a call may happen.
    pub(crate) fn pass(&self, call: usize, what: impl Into<String>) -> Pass {
        Pass { gate: self.clone(), call, what: what.into(), number: None }
    }

    /// Whether it holds anything back.
    pub(super) fn is_closed(&self) -> bool {
        self.state().is_closed
    }

    /// Of which call a task is, by the tasks that led to it, youngest first; the call that went on last, if that is unknown.
    pub(super) fn call_of(&self, stack: impl IntoIterator<Item = GuestTaskId>) -> usize {
        let state = self.state();
        // The engine gives the identifier of a task that is over to a later one, and takes a task that ran before a call
        // began for the caller of that call (wasmtime 48).
        let call =
            |task| state.tasks.iter().rev().find(|(it, _)| *it == task).map(|(_, call)| *call);
        stack.into_iter().find_map(call).unwrap_or(state.current)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait for something that may be held back.
#[derive(Debug)]
pub(crate) struct Pass {
    gate: Gate,
    call: usize,
    what: String,
    number: Option<u64>,
}

impl Future for Pass {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let mut state = this.gate.state();
        if !state.is_closed {
            return Poll::Ready(());
        }
        let Some(number) = this.number else {
            let number = state.begun;
            state.begun += 1;
            this.number = Some(number);
            let event = Event { number, call: this.call, what: std::mem::take(&mut this.what) };
            let waker = Some(context.waker().clone());
            state.held.push(Held { event, is_released: false, waker });
            state.watcher.take().into_iter().for_each(Waker::wake);
            return Poll::Pending;
        };
        match state.held.iter_mut().find(|held| held.event.number == number) {
            Some(held) if !held.is_released => {
                held.waker = Some(context.waker().clone());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.gate.state().held.retain(|held| held.event.number != number);
        }
    }
}
