// The start file of wasi-libc exits with what main returns, unless it is zero.
#include <stdio.h>

int main(void) {
    puts("no luck");
    return 1;
}
