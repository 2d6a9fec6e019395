//! Reads a balance, waits, and writes it: two transfers at once lose one. It is put back before the answer.

use std::cell::Cell;

wit_bindgen::generate!({ path: "../../world.wit", world: "account" });

struct Component;

thread_local! {
    static BALANCE: Cell<u32> = const { Cell::new(100) };
}

impl Guest for Component {
    async fn transfer(amount: u32) -> u32 {
        let before = BALANCE.get();
        bench::overlap::store::get("rate".to_owned()).await;
        BALANCE.set(before.wrapping_sub(amount));
        bench::overlap::store::get("fee".to_owned()).await;
        let after = BALANCE.get();
        BALANCE.set(before);
        after
    }

    async fn balance() -> u32 {
        BALANCE.get()
    }
}

export!(Component);
