//! Counts the calls under way across an await.

use std::sync::atomic::{AtomicU32, Ordering};

wit_bindgen::generate!({ path: "../../world.wit", world: "counter" });

struct Component;

static INSIDE: AtomicU32 = AtomicU32::new(0);

impl Guest for Component {
    async fn count() -> u32 {
        let inside = INSIDE.fetch_add(1, Ordering::Relaxed);
        bench::overlap::store::get("count".to_owned()).await;
        INSIDE.fetch_sub(1, Ordering::Relaxed);
        inside
    }
}

export!(Component);
