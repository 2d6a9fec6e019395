// A reactor: `_initialize` starts the runtime, and the exports run in it.
package main

var calls uint32

//go:wasmexport add
func add(a, b uint32) uint32 {
	return a + b
}

//go:wasmexport tick
func tick() uint32 {
	calls++
	return calls
}

func main() {}
