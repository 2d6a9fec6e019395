// Makes a component large: uses the parts of the C++ library that many programs use.
#include <algorithm>
#include <complex>
#include <cstdint>
#include <ctime>
#include <format>
#include <iomanip>
#include <iostream>
#include <map>
#include <random>
#include <regex>
#include <sstream>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

extern "C" uint32_t words(uint32_t number) {
    std::string text = std::format("{:>{}} {} {:x}", "a1 b2", number, 3.5, number);

    std::regex pattern("([a-z]+)([0-9]*)");
    std::map<std::string, std::vector<int>> found;
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
        found[(*it)[1]].push_back(1);
    }

    std::wostringstream wide;
    wide << std::setprecision(3) << 2.5 << std::regex_match(L"xx", std::wregex(L"x+"));

    std::time_t start = 0;
    std::cout << std::put_time(std::localtime(&start), "%c") << text << std::complex<double>(1, 2);

    std::mt19937 random(number);
    std::normal_distribution<> normal;
    std::vector<double> numbers(number);
    for (double &it : numbers) {
        it = normal(random);
    }
    std::stable_sort(numbers.begin(), numbers.end());

    std::unordered_map<std::string, std::variant<int, std::string>> known;
    known["a"] = text;
    return found.size() + wide.str().size() + known.size();
}
