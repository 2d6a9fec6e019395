// A library for no operating system, with state in static members.
#define EXPORT(name) extern "C" __attribute__((export_name(name)))

namespace store {

template <typename T, unsigned Room>
class Stack {
public:
    unsigned push(T item) {
        items[used % Room] = item;
        return ++used;
    }

private:
    T items[Room];
    unsigned used;
};

class Counter {
public:
    static unsigned calls;
};

unsigned Counter::calls;
static Stack<unsigned, 8> stack;

} // namespace store

EXPORT("tick") unsigned tick() {
    return ++store::Counter::calls;
}

EXPORT("push") unsigned push() {
    return store::stack.push(7);
}
