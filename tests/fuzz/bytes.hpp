#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fuzz {

/// The bytes of an input, read from the front, one decision at a time. Past the end all bytes are
/// zero, so that any prefix of an input is an input.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) noexcept : left_(data, size) {}

  bool empty() const noexcept { return left_.empty(); }

  std::uint8_t byte() noexcept {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }

  /// Little-endian, of `size` bytes.
  std::uint64_t number(unsigned size) noexcept {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= std::uint64_t{byte()} << (8 * i);
    return value;
  }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace fuzz
