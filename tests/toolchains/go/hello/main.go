// A command: Go's runtime leaves through proc_exit when main returns.
package main

import "fmt"

func main() {
	fmt.Println("hello")
}
