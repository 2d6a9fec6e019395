// Two exports: one that only answers, one that counts.
let calls = 0;

export function greet(name) {
  return `hello ${name}`;
}

export function tick() {
  calls += 1;
  return calls;
}
