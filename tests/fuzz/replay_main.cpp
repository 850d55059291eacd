// Runs a fuzz target without libFuzzer, for compilers that do not have it:
//
//     fuzz_bulkhead <file or folder>...    each file once
//     fuzz_bulkhead --random <n> <seed>    n inputs made of random bytes

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  std::printf("%s: %zu bytes\n", file.c_str(), bytes.size());
  std::fflush(stdout);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void random(std::uint64_t inputs, std::uint64_t seed) {
  for (std::uint64_t i = 0; i < inputs; ++i) {
    std::mt19937_64 engine(seed + i);
    std::vector<std::uint8_t> bytes(engine() % 1024);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(engine());
    std::printf("--random 1 %llu\n", static_cast<unsigned long long>(seed + i));
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 3 && arguments[0] == "--random") {
    random(std::stoull(arguments[1]), std::stoull(arguments[2]));
    return 0;
  }
  for (const std::filesystem::path path : arguments) {
    if (!std::filesystem::is_directory(path)) {
      replay(path);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(path)) replay(entry.path());
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 2;
}
