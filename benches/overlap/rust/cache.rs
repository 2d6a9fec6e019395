//! Holds a borrow of a cache across an await.

use std::cell::RefCell;
use std::collections::BTreeMap;

wit_bindgen::generate!({ path: "../../world.wit", world: "cache" });

struct Component;

type Cache = RefCell<BTreeMap<String, String>>;

thread_local! {
    static CACHE: &'static Cache = Box::leak(Box::default());
}

impl Guest for Component {
    async fn look_up(key: String) -> String {
        let cache = CACHE.with(|it| *it);
        let mut cache = cache.borrow_mut();
        let value = bench::overlap::store::get(key.clone()).await;
        cache.insert(key.clone(), value.clone());
        let found = cache.len();
        cache.remove(&key);
        format!("{value} {found}")
    }

    fn size() -> u32 {
        CACHE.with(|cache| cache.try_borrow().map_or(0, |it| it.len() as u32))
    }
}

export!(Component);
