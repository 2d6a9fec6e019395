//! Every rule over every fixture and every page's examples.

fn main() {}
