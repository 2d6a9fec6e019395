//! The secondcall program.
use secondcall::facts::*;
fn main() {
    let fire_only = std::env::var("Q").is_ok();
    for f in std::env::args().skip(1) {
        let b = std::fs::read(&f).unwrap();
        let b = if f.ends_with(".wat") { wat::parse_bytes(&b).unwrap().into_owned() } else { b };
        let t = std::time::Instant::now();
        match secondcall::component::Component::read(&b) {
            Ok(c) => {
                let t1 = t.elapsed();
                let w = instantiation::Instantiation::of(&c);
                let bodies = body::Bodies::of(&c);
                let g = call_graph::CallGraph::new(&w, &bodies);
                let i = trials::instantiate(&w, &bodies);
                let t2 = t.elapsed();
                for e in entry_points::of(&w) {
                    let Some(road) = &e.road else {
                        println!("{f} {} NOROAD {:?}", e.name, e.obstacle);
                        continue;
                    };
                    let tr = trials::call_twice(&w, &bodies, &g, &i, road);
                    let guard = guards::of(&tr);
                    let exit = exits::of(&tr);
                    println!(
                        "{f}\t{}\tfirst:{}{}{}\tsecond:{}\tguard:{:?}\texit:{:?}\t{:?}",
                        e.name,
                        if tr.first.returned.is_some() { "R" } else { "-" },
                        tr.first.traps.len(),
                        if tr.first.exits.is_empty() { "" } else { "X" },
                        tr.second.as_ref().map_or("none".into(), |s| format!(
                            "{}{}",
                            if s.returned.is_some() { "R" } else { "-" },
                            s.traps.len()
                        )),
                        guard.as_ref().map(|g| g.reaches),
                        exit.map(|e| e.reaches),
                        t.elapsed()
                    );
                    if !fire_only {
                        println!("   {guard:?}");
                    }
                }
                eprintln!("{f} read {t1:?} inst {t2:?} total {:?}", t.elapsed());
            }
            Err(e) => println!("{f} ERR {e} at {:#x}", e.offset()),
        }
    }
}
