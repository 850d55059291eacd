#include <bulwark/error.hpp>
#include <bulwark/limits.hpp>

#include <chrono>
#include <cstring>
#include <exception>
#include <future>
#include <ios>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include "support/catch.hpp"

namespace net = bulwark::net;
using namespace std::chrono_literals;
using bulwark::BulkheadDrainingError;
using bulwark::BulkheadError;
using bulwark::BulkheadRejectedError;
using bulwark::BulkheadTimeoutError;
using bulwark::CircuitOpenError;
using bulwark::ConfigError;
using bulwark::Errc;
using bulwark::errorCodeOf;
using bulwark::RateLimitedError;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

template <typename E>
net::error_code codeOf(E error) {
  return errorCodeOf(std::make_exception_ptr(std::move(error)));
}

}  // namespace

// --- codes ---------------------------------------------------------------------------------------

TEST_CASE("an Errc converts implicitly to an error_code of the library's category") {
  const net::error_code code = Errc::queueTimeout;
  CHECK(&code.category() == &bulwark::bulkheadCategory());
  CHECK(code.value() == 2);
  CHECK(code == Errc::queueTimeout);
  CHECK(code != Errc::queueFull);
  CHECK(code == bulwark::make_error_code(Errc::queueTimeout));
  CHECK(std::string(code.category().name()) == "bulwark");
}

TEST_CASE("the values of Errc are part of the interface") {
  CHECK(static_cast<int>(Errc::queueFull) == 1);
  CHECK(static_cast<int>(Errc::queueTimeout) == 2);
  CHECK(static_cast<int>(Errc::draining) == 3);
  CHECK(static_cast<int>(Errc::circuitOpen) == 4);
  CHECK(static_cast<int>(Errc::rateLimited) == 7);
}

TEST_CASE("there is one category, and it differs from all others") {
  CHECK(&bulwark::bulkheadCategory() == &bulwark::bulkheadCategory());
  CHECK(bulwark::bulkheadCategory() != net::error::get_system_category());
  CHECK(net::error_code(Errc::queueFull) != net::error_code(1, net::error::get_system_category()));
}

TEST_CASE("every Errc is an error with its own message") {
  std::string before;
  for (const Errc error : {Errc::queueFull, Errc::queueTimeout, Errc::draining, Errc::circuitOpen,
                           Errc::rateLimited}) {
    const net::error_code code = error;
    CHECK(static_cast<bool>(code));
    CHECK_FALSE(code.message().empty());
    CHECK(code.message() != before);
    before = code.message();
  }
}

TEST_CASE("the message of a value outside Errc contains the value") {
  CHECK(contains(bulwark::bulkheadCategory().message(77), "77"));
}

// --- ConfigError ---------------------------------------------------------------------------------

TEST_CASE("a ConfigError has bulkhead, field, value and rule, and its text contains all of them") {
  const ConfigError error("db.read", "maxConcurrent", "0", "must be at least 1");
  CHECK(error.bulkhead() == "db.read");
  CHECK(error.field() == "maxConcurrent");
  CHECK(error.value() == "0");
  CHECK(error.rule() == "must be at least 1");
  const std::string text = error.what();
  for (const char* part : {"db.read", "maxConcurrent", "0", "must be at least 1"}) {
    INFO(text);
    CHECK(contains(text, part));
  }
}

TEST_CASE("the text of an error is one line, and the accessors return the names unescaped") {
  const std::string name = "acme\n[info] \x1B[2J";
  const BulkheadRejectedError refused(name);
  CHECK(refused.bulkhead() == name);
  CHECK(std::string(refused.what()).starts_with("bulkhead \"acme\\n[info] \\u001b[2J\": "));
  const ConfigError wrong(name, "semaphores", "a\nb", "must be c\nd");
  CHECK(wrong.bulkhead() == name);
  CHECK(wrong.value() == "a\nb");
  CHECK(wrong.rule() == "must be c\nd");
  CHECK(std::string(wrong.what()) ==
        "bulkhead \"acme\\n[info] \\u001b[2J\": semaphores is a\\nb, must be c\\nd");
}

TEST_CASE("a ConfigError is an invalid_argument") {
  CHECK(std::is_base_of_v<std::invalid_argument, ConfigError>);
}

// --- BulkheadError -------------------------------------------------------------------------------

TEST_CASE("every refusal has its own type and code and the name of the refusing object") {
  const auto check = [](const BulkheadError& error, Errc code) {
    CHECK(error.code() == code);
    CHECK(error.bulkhead() == "ai.claude");
    CHECK(contains(error.what(), "ai.claude"));
    CHECK(contains(error.what(), net::error_code(code).message()));
  };
  check(BulkheadRejectedError("ai.claude"), Errc::queueFull);
  check(BulkheadTimeoutError("ai.claude"), Errc::queueTimeout);
  check(BulkheadDrainingError("ai.claude"), Errc::draining);
  check(CircuitOpenError("ai.claude", 3s), Errc::circuitOpen);
  check(BulkheadError(Errc::draining, "ai.claude"), Errc::draining);
}

TEST_CASE("CircuitOpenError says when to retry") {
  CHECK(CircuitOpenError("db", 1500ms).retryAfter() == 1500ms);
}

TEST_CASE("every BulkheadError is a system_error, and none is another's base") {
  CHECK(std::is_base_of_v<net::system_error, BulkheadError>);
  CHECK(std::is_base_of_v<BulkheadError, BulkheadRejectedError>);
  CHECK(std::is_base_of_v<BulkheadError, BulkheadTimeoutError>);
  CHECK(std::is_base_of_v<BulkheadError, BulkheadDrainingError>);
  CHECK(std::is_base_of_v<BulkheadError, CircuitOpenError>);
  CHECK_FALSE(std::is_base_of_v<BulkheadRejectedError, BulkheadTimeoutError>);
  CHECK_FALSE(std::is_base_of_v<BulkheadError, ConfigError>);
}

TEMPLATE_TEST_CASE("errors copy without throwing, and the copy is equal", "", ConfigError,
                   BulkheadError, BulkheadRejectedError, BulkheadTimeoutError,
                   BulkheadDrainingError, CircuitOpenError) {
  CHECK(std::is_nothrow_copy_constructible_v<TestType>);
  CHECK(std::is_nothrow_destructible_v<TestType>);
  const auto original = [] {
    if constexpr (std::is_same_v<TestType, ConfigError>) {
      return ConfigError("db", "permits", "7", "must be less");
    } else if constexpr (std::is_same_v<TestType, BulkheadError>) {
      return BulkheadError(Errc::queueFull, "db");
    } else if constexpr (std::is_same_v<TestType, CircuitOpenError>) {
      return CircuitOpenError("db", 5s);
    } else {
      return TestType("db");
    }
  }();
  const TestType copy(original);
  CHECK(copy.bulkhead() == "db");
  CHECK(std::string(copy.what()) == original.what());
  CHECK(&copy.bulkhead() == &original.bulkhead());  // shared, so that copying does not allocate
}

// --- errorCodeOf ---------------------------------------------------------------------------------

TEST_CASE("no exception is no error") { CHECK(errorCodeOf(nullptr) == net::error_code()); }

TEST_CASE("the library's own errors give their codes") {
  CHECK(codeOf(BulkheadRejectedError("db")) == Errc::queueFull);
  CHECK(codeOf(BulkheadTimeoutError("db")) == Errc::queueTimeout);
  CHECK(codeOf(BulkheadDrainingError("db")) == Errc::draining);
  CHECK(codeOf(CircuitOpenError("db", 1s)) == Errc::circuitOpen);
  CHECK(codeOf(BulkheadError(Errc::queueTimeout, "db")) == Errc::queueTimeout);
  CHECK(codeOf(ConfigError("db", "permits", "0", "no")) == net::error::invalid_argument);
}

TEST_CASE("a system_error gives its own code") {
  CHECK(codeOf(net::system_error(net::error::operation_aborted)) == net::error::operation_aborted);
  CHECK(codeOf(net::system_error(net::error::connection_reset)) == net::error::connection_reset);
  CHECK(codeOf(net::system_error(net::error_code(Errc::draining), "text")) == Errc::draining);
}

// With Boost.Asio, std::system_error differs from net::system_error and uses other categories.
TEST_CASE("a std::system_error gives its code as a net::error_code") {
  const auto timedOut = static_cast<int>(std::errc::timed_out);
  CHECK(codeOf(std::system_error(timedOut, std::system_category())) == std::errc::timed_out);
  CHECK(codeOf(std::system_error(timedOut, std::generic_category())) == std::errc::timed_out);
#if BULWARK_ASIO_IS_BOOST
  CHECK(codeOf(std::system_error(timedOut, std::system_category())) == net::error::timed_out);
  CHECK(codeOf(std::system_error(timedOut, std::generic_category())) ==
        boost::system::errc::make_error_code(boost::system::errc::timed_out));
#endif
  const auto other = std::make_error_code(std::future_errc::no_state);
  CHECK(codeOf(std::system_error(other)) == other);
  CHECK(codeOf(std::ios_base::failure("no", other)) == other);
}

TEST_CASE("an error derived from a known one gives the same code") {
  struct MyRejected : BulkheadRejectedError {
    using BulkheadRejectedError::BulkheadRejectedError;
  };
  struct MySystemError : net::system_error {
    using net::system_error::system_error;
  };
  struct Padding {
    virtual ~Padding() = default;
    int number = 7;
  };
  struct Second : Padding, net::system_error {
    Second() : net::system_error(net::error::timed_out) {}
  };
  struct MyConfigError : ConfigError {
    using ConfigError::ConfigError;
  };
  CHECK(codeOf(MyRejected("db")) == Errc::queueFull);
  CHECK(codeOf(MySystemError(net::error::eof)) == net::error::eof);
  CHECK(codeOf(Second()) == net::error::timed_out);
  CHECK(codeOf(MyConfigError("", "", "", "")) == net::error::invalid_argument);
}

TEST_CASE("every other exception gives fault") {
  CHECK(codeOf(std::runtime_error("no")) == net::error::fault);
  CHECK(codeOf(std::invalid_argument("no")) == net::error::fault);
  CHECK(codeOf(std::bad_alloc()) == net::error::fault);
  CHECK(codeOf(42) == net::error::fault);
  CHECK(codeOf(static_cast<const char*>("text")) == net::error::fault);
}

TEST_CASE("errorCodeOf neither consumes nor changes the exception") {
  const std::exception_ptr error = std::make_exception_ptr(BulkheadTimeoutError("db"));
  CHECK(noexcept(errorCodeOf(error)));
  CHECK(errorCodeOf(error) == Errc::queueTimeout);
  CHECK(errorCodeOf(error) == Errc::queueTimeout);
  CHECK_THROWS_AS(std::rethrow_exception(error), BulkheadTimeoutError);
}

// --- notExecuted ---------------------------------------------------------------------------------

namespace {

template <typename Error>
bool wasNotExecuted(const Error& error) {
  return bulwark::notExecuted(std::make_exception_ptr(error));
}

/// `inner`, wrapped `levels` times.
std::exception_ptr wrapped(const std::exception_ptr& inner, int levels) {
  if (levels == 0) return inner;
  try {
    try {
      std::rethrow_exception(wrapped(inner, levels - 1));
    } catch (...) {
      std::throw_with_nested(std::runtime_error("loading page 7"));
    }
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

TEST_CASE("every refusal by the library says that the work did not run") {
  CHECK(wasNotExecuted(BulkheadRejectedError("db")));
  CHECK(wasNotExecuted(BulkheadTimeoutError("db")));
  CHECK(wasNotExecuted(BulkheadDrainingError("db")));
  CHECK(wasNotExecuted(CircuitOpenError("db", 1s)));
  CHECK(wasNotExecuted(BulkheadError(Errc::queueTimeout, "db")));
  // What acquire(use_awaitable) throws.
  CHECK(wasNotExecuted(net::system_error(net::error_code(Errc::queueFull))));
  for (const Errc code : {Errc::queueFull, Errc::queueTimeout, Errc::draining, Errc::circuitOpen}) {
    CHECK(bulwark::notExecuted(make_error_code(code)));
    CHECK(bulwark::notExecuted(code));
  }
}

TEST_CASE("no other error says that the work did not run") {
  CHECK_FALSE(bulwark::notExecuted(std::exception_ptr()));
  CHECK_FALSE(bulwark::notExecuted(net::error_code()));
  CHECK_FALSE(bulwark::notExecuted(net::error_code(net::error::operation_aborted)));
  CHECK_FALSE(bulwark::notExecuted(net::error_code(1, net::error::get_system_category())));
  CHECK_FALSE(wasNotExecuted(net::system_error(net::error::operation_aborted)));
  CHECK_FALSE(wasNotExecuted(net::system_error(net::error::connection_reset)));
  CHECK_FALSE(wasNotExecuted(ConfigError("db", "permits", "0", "no")));
  CHECK_FALSE(wasNotExecuted(std::runtime_error("no")));
  CHECK_FALSE(wasNotExecuted(42));
}

TEST_CASE("a refusal is found at any depth of nesting") {
  const auto refused = std::make_exception_ptr(BulkheadRejectedError("db"));
  const auto failed = std::make_exception_ptr(std::runtime_error("down"));
  for (const int levels : {1, 2, 50}) {
    CHECK(bulwark::notExecuted(wrapped(refused, levels)));
    CHECK_FALSE(bulwark::notExecuted(wrapped(failed, levels)));
  }
}

TEST_CASE("a refusal is found inside a system_error and inside a ConfigError") {
  const auto wrap = [](const auto& outer) {
    try {
      try {
        throw BulkheadDrainingError("db");
      } catch (...) {
        std::throw_with_nested(outer);
      }
    } catch (...) {
      return std::current_exception();
    }
  };
  CHECK(bulwark::notExecuted(wrap(net::system_error(net::error::timed_out))));
  CHECK(bulwark::notExecuted(wrap(std::system_error(std::make_error_code(std::errc::timed_out)))));
  CHECK(bulwark::notExecuted(wrap(ConfigError("db", "permits", "0", "no"))));
  CHECK(errorCodeOf(wrap(net::system_error(net::error::timed_out))) == net::error::timed_out);
}

TEST_CASE("an empty nested_exception is not a refusal") {
  // Constructed outside of a handler.
  CHECK_FALSE(wasNotExecuted(std::nested_exception()));
}

// --- retryAfter ----------------------------------------------------------------------------------

TEST_CASE("the refusal of an open circuit names the time of the next probe") {
  for (const auto time :
       {std::chrono::nanoseconds(0), std::chrono::nanoseconds(1500ms), bulwark::noTimeout}) {
    CHECK(bulwark::retryAfter(std::make_exception_ptr(CircuitOpenError("ai", time))) == time);
  }
}

TEST_CASE("the refusal of a rate limiter names the time of the next turn") {
  for (const auto time :
       {std::chrono::nanoseconds(0), std::chrono::nanoseconds(1500ms), bulwark::noTimeout}) {
    const auto refused = std::make_exception_ptr(RateLimitedError("ai", time));
    CHECK(bulwark::retryAfter(refused) == time);
    CHECK(bulwark::notExecuted(refused));
    CHECK(bulwark::retryAfter(wrapped(refused, 2)) == time);
    CHECK(bulwark::notExecuted(wrapped(refused, 2)));
  }
}

TEST_CASE("no other error names a time") {
  const auto of = [](const auto& error) {
    return bulwark::retryAfter(std::make_exception_ptr(error));
  };
  CHECK(bulwark::retryAfter(nullptr) == std::nullopt);
  CHECK(of(BulkheadRejectedError("db")) == std::nullopt);
  CHECK(of(BulkheadTimeoutError("db")) == std::nullopt);
  CHECK(of(BulkheadDrainingError("db")) == std::nullopt);
  CHECK(of(BulkheadError(Errc::circuitOpen, "ai")) == std::nullopt);
  CHECK(of(BulkheadError(Errc::rateLimited, "ai")) == std::nullopt);
  CHECK(of(net::system_error(net::error_code(Errc::circuitOpen))) == std::nullopt);
  CHECK(of(ConfigError("db", "permits", "0", "no")) == std::nullopt);
  CHECK(of(std::runtime_error("no")) == std::nullopt);
  CHECK(of(42) == std::nullopt);
}

TEST_CASE("the time is found in a class of one's own, and at any depth of nesting") {
  struct Own : CircuitOpenError {
    using CircuitOpenError::CircuitOpenError;
  };
  const auto own = std::make_exception_ptr(Own("ai", 3s));
  CHECK(bulwark::retryAfter(own) == 3s);
  CHECK(bulwark::notExecuted(own));
  const auto refused = std::make_exception_ptr(CircuitOpenError("ai", 7s));
  const auto failed = std::make_exception_ptr(std::runtime_error("down"));
  for (const int levels : {1, 2, 50}) {
    CHECK(bulwark::retryAfter(wrapped(refused, levels)) == 7s);
    CHECK(bulwark::retryAfter(wrapped(failed, levels)) == std::nullopt);
  }
}

TEST_CASE("of several refusals the outermost names the time") {
  std::exception_ptr both;
  try {
    try {
      throw CircuitOpenError("inner", 5s);
    } catch (...) {
      std::throw_with_nested(CircuitOpenError("outer", 2s));
    }
  } catch (...) {
    both = std::current_exception();
  }
  CHECK(bulwark::retryAfter(both) == 2s);
}
