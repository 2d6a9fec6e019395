//! Streams and events that are always ready.

/// Implements `Pollable` for types that never wait.
macro_rules! always_ready {
    ($($name:ty),*) => {$(
        impl wasmtime_wasi::p2::Pollable for $name {
            fn ready<'a, 'b>(
                &'a mut self,
            ) -> std::pin::Pin<Box<dyn std::future::Future<Output = ()> + Send + 'b>>
            where
                'a: 'b,
                Self: 'b,
            {
                Box::pin(std::future::ready(()))
            }
        }
    )*};
}
pub(super) use always_ready;
