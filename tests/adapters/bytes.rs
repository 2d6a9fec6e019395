//! What tools do to finished bytes: strip them, change function bodies.

/// The component without its custom sections, at any depth.
pub(crate) fn stripped(wasm: &[u8]) -> Vec<u8> {
    let is_component = wasm[6] == 1;
    let mut out = wasm[..8].to_vec();
    let mut rest = &wasm[8..];
    while let Some((&id, after)) = rest.split_first() {
        let (size, after) = leb(after);
        let (contents, after) = after.split_at(size);
        rest = after;
        let contents = match id {
            0 => continue,
            1 | 4 if is_component => stripped(contents),
            _ => contents.to_vec(),
        };
        section(&mut out, id, &contents);
    }
    out
}

/// The adapter with a `nop` before the end of every function, as no release has it.
pub(crate) fn with_changed_bodies(adapter: &[u8]) -> Vec<u8> {
    let mut out = adapter[..8].to_vec();
    let mut rest = &adapter[8..];
    while let Some((&id, after)) = rest.split_first() {
        let (size, after) = leb(after);
        let (contents, after) = after.split_at(size);
        rest = after;
        if id != 10 {
            section(&mut out, id, contents);
            continue;
        }
        let (count, mut bodies) = leb(contents);
        let mut code = Vec::new();
        put_leb(&mut code, count);
        for _ in 0..count {
            let (size, after) = leb(bodies);
            let (body, after) = after.split_at(size);
            bodies = after;
            put_leb(&mut code, size + 1);
            code.extend(&body[..size - 1]);
            code.extend([0x01, 0x0b]);
        }
        section(&mut out, id, &code);
    }
    out
}

fn section(out: &mut Vec<u8>, id: u8, contents: &[u8]) {
    out.push(id);
    put_leb(out, contents.len());
    out.extend(contents);
}

fn put_leb(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push((number % 0x80) as u8 | 0x80);
        number /= 0x80;
    }
    out.push(number as u8);
}

fn leb(bytes: &[u8]) -> (usize, &[u8]) {
    let mut number = 0;
    for (i, byte) in bytes.iter().enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return (number, &bytes[i + 1..]);
        }
    }
    (number, &[])
}
