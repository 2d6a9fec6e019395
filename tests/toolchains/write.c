// Writes a constant without stdio: the start file's flag stands just behind the text.
#include <unistd.h>

int main(void) {
    return write(1, "hello\n", 6) != 6;
}
