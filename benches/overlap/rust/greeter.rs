//! Keeps nothing outside of its task.

wit_bindgen::generate!({ path: "../../world.wit", world: "greeter" });

struct Component;

impl Guest for Component {
    async fn greet(name: String) -> String {
        let title = bench::overlap::store::get(name.clone()).await;
        format!("{title} {name}")
    }
}

export!(Component);
