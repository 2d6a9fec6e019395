//! Asks a policy in Rego as cosign does (sigstore/cosign 3.1.2, `pkg/cosign/rego/rego.go`): version 0 of the language, and
//! the value of `data.signature.allow` for each input. Prints one JSON value a line; `null` if it is undefined.
//!
//! usage: rego POLICY INPUT...

use std::env::args_os;
use std::error::Error;
use std::fs::read_to_string;

use regorus::{Engine, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = args_os().skip(1);
    let policy = files.next().ok_or("name a policy")?;
    let mut engine = Engine::new();
    engine.set_rego_v0(true);
    // As OPA does it: what a function refuses is undefined.
    engine.set_strict_builtin_errors(false);
    engine.add_policy("policy.rego".to_owned(), read_to_string(policy)?)?;
    for file in files {
        engine.set_input(Value::from_json_str(&read_to_string(file)?)?);
        let results = engine.eval_query("data.signature.allow".to_owned(), false)?;
        let values: Vec<_> = results.result.iter().flat_map(|it| &it.expressions).collect();
        match &values[..] {
            [value] => println!("{}", serde_json::to_string(&value.value)?),
            _ => println!("null"),
        }
    }
    Ok(())
}
