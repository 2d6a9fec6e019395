//! A call keeps its user in a static while it waits, and answers with the user of a call that began meanwhile.

use std::sync::atomic::{AtomicU32, Ordering};

wit_bindgen::generate!({ path: "world.wit", world: "session" });

static CURRENT_USER: AtomicU32 = AtomicU32::new(0);

struct Component;

impl Guest for Component {
    async fn whoami(user: u32) -> u32 {
        CURRENT_USER.store(user, Ordering::Relaxed);
        pause().await;
        CURRENT_USER.load(Ordering::Relaxed)
    }
}

export!(Component);
