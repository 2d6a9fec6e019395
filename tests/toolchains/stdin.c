#include <stdio.h>
#include <string.h>

int main(void) {
    char line[256];
    size_t longest = 0;
    while (fgets(line, sizeof line, stdin)) {
        size_t length = strcspn(line, "\n");
        if (length > longest) {
            longest = length;
        }
    }
    printf("%zu\n", longest);
    return 0;
}
