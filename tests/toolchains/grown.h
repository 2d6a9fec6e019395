// What the next version of a program has and the last one had not.
__attribute__((used, noinline)) static int added(int number) {
    return number < 2 ? number : added(number - 1) + added(number - 2);
}
