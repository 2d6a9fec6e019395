// A reactor that keeps what it allocates.
package main

var kept [][]byte

//go:noinline
func remember() {
	kept = append(kept, make([]byte, 64<<10))
}

//go:wasmexport keep
func keep() {
	remember()
}

func main() {}
