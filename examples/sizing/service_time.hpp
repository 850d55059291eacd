// The distribution of service times, from the few numbers of a dashboard.
#pragma once

#include <limits>
#include <optional>
#include <vector>

namespace sizing {

// Measured values in seconds; at least one of the first four.
struct Measured {
  std::optional<double> mean{};
  std::optional<double> p50{};
  std::optional<double> p90{};
  std::optional<double> p99{};
  double longest = std::numeric_limits<double>::infinity();  // the work's own timeout
};

// The share of the standard normal distribution below z, and the z for a share.
double normalShare(double z);
double normalQuantile(double share);

// A piecewise log-normal distribution: between two given percentiles, the logarithm of a quantile
// is linear in the normal quantile, and continues in the same direction outside of them. Two
// percentiles make it log-normal, which fits most service times. With more it still passes through
// every one of them, while a log-normal fitted to all passes through none. Its moments have a
// closed form. Times beyond the work's own timeout are cut off there.
class ServiceTime {
 public:
  // Throws std::invalid_argument if no such distribution matches the values. what() is the violated
  // rule.
  explicit ServiceTime(const Measured& measured);

  double mean() const { return mean_; }
  // The squared coefficient of variation: 0 for a constant, 1 for an exponential distribution.
  double variation() const { return variation_; }
  // The longest time of `share` of the calls.
  double quantile(double share) const { return atNormal(normalQuantile(share)); }
  // The same for a standard normal number, as a simulation draws it.
  double atNormal(double z) const;
  // Share of the calls that take longer.
  double shareAbove(double seconds) const { return seconds < longest_ ? shareBeyond(seconds) : 0; }
  // Whether only one number was given, so that the tail is a guess: p99 = 10 x p50.
  bool guessed() const { return guessed_; }

 private:
  // ln(quantile) = level + slope * z, up to z = end.
  struct Piece {
    double level, slope, end;
  };
  void addPieces(const Measured& measured);
  // Ignores `longest`.
  double shareBeyond(double seconds) const;
  double moment(int power) const;

  std::vector<Piece> pieces_;
  double longest_;
  double mean_ = 0;
  double variation_ = 0;
  bool guessed_ = false;
};

}  // namespace sizing
