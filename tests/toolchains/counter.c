// State of its own, which a second run would see if it ever got there.
#include <stdio.h>

static int calls;

int main(void) {
    calls += 1;
    printf("call %d\n", calls);
    return 0;
}
