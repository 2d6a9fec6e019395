// A command: what `zig cc` makes of the first program in every book.
#include <stdio.h>

int main(void) {
    puts("hello");
    return 0;
}
